#!/usr/bin/env bash
# The starting policy and what became of it -> measures. Settings: conf/evaluate.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" evaluate --defaults "$home/conf/evaluate.yaml" "$@"
