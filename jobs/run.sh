#!/usr/bin/env bash
# The main job: your feedback and your model to an aligned model and a report. Settings: all of conf/.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
for section in feedback curate tokens sft reward ppo dpo evaluate; do
  configs+=(--defaults "$home/conf/$section.yaml")
done
exec "$home/jobs/plumbline.sh" run "${configs[@]}" "$@"
