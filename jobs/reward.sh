#!/usr/bin/env bash
# Preference pairs, rankings or single responses -> the reward model. Settings: conf/reward.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" reward --defaults "$home/conf/reward.yaml" "$@"
