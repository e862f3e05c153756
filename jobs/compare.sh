#!/usr/bin/env bash
# The starting policy by several methods -> their measures side by side. Settings: conf/compare.yaml.
#
#   jobs/compare.sh --run DIR --config DIR/settings.yaml --methods all
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
arguments=()
while (($#)); do
  case $1 in
    --methods) arguments+=(--set "compare.methods=${2:?--methods needs names, or all}"); shift 2 ;;
    --methods=*) arguments+=(--set "compare.methods=${1#*=}"); shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done
exec "$home/jobs/plumbline.sh" compare --defaults "$home/conf/compare.yaml" "${arguments[@]}"
