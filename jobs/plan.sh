#!/usr/bin/env bash
# Judgments so far -> what to ask people next, and whom. Settings: conf/plan.yaml.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" plan --defaults "$home/conf/plan.yaml" "$@"
