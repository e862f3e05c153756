#!/usr/bin/env bash
# Many completions of held-out prompts -> what the best of n is worth. Settings: conf/best-of.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" best-of --defaults "$home/conf/best-of.yaml" "$@"
