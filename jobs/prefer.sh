#!/usr/bin/env bash
# Preference pairs, or single responses -> a policy, by DPO or one of its family. Settings: conf/dpo.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" prefer --defaults "$home/conf/dpo.yaml" "$@"
