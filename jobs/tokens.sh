#!/usr/bin/env bash
# Pairs, dialogues and prompts -> token tables. Settings: conf/tokens.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" tokens --defaults "$home/conf/tokens.yaml" "$@"
