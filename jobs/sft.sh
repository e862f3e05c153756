#!/usr/bin/env bash
# Dialogues -> the starting policy. Settings: conf/sft.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" sft --defaults "$home/conf/sft.yaml" "$@"
