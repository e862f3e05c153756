#!/usr/bin/env bash
# Preference pairs -> a policy, by DPO. Settings: conf/dpo.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" prefer --config "$home/conf/dpo.yaml" "$@"
