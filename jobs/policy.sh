#!/usr/bin/env bash
# Prompts and the reward model -> a policy, by PPO or one of its family. Settings: conf/ppo.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" policy --defaults "$home/conf/ppo.yaml" "$@"
