#!/usr/bin/env bash
# Makes a small world and aligns a small model in it, from nothing to the report.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" quickstart --defaults "$home/conf/quickstart.yaml" --run "$home/target/quickstart" "$@"
