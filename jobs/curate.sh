#!/usr/bin/env bash
# Feedback -> preference pairs, and how reliable annotators are. Settings: conf/curate.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" curate --defaults "$home/conf/curate.yaml" "$@"
