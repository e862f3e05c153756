#!/usr/bin/env bash
# Dialogues -> the starting policy. Settings: conf/sft.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" sft --config "$home/conf/sft.yaml" "$@"
