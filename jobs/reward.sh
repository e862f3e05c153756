#!/usr/bin/env bash
# Preference pairs -> the reward model. Settings: conf/reward.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" reward --config "$home/conf/reward.yaml" "$@"
