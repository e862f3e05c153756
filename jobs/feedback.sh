#!/usr/bin/env bash
# Human judgments -> feedback table, and rejects with reasons. Settings: conf/feedback.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" feedback --defaults "$home/conf/feedback.yaml" "$@"
