#!/usr/bin/env bash
# The run's tables and results -> one HTML file.
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
exec "$home/jobs/plumbline.sh" report "$@"
