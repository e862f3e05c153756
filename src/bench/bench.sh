#!/usr/bin/env bash
# Runs one benchmark: src/bench/bench.sh COMMAND [options], or src/bench/bench.sh --help.
# What they measure, and how: src/site/markdown/benchmarks.md.
#
#   OMP_NUM_THREADS       native threads (default: all cores)
#   THP_MEM_ALLOC_ENABLE  1, the default here and in jobs/: PyTorch asks for huge pages; 0: it does not
#   BENCH_MEMORY          Java heap (default 512m); models lie outside of it
set -euo pipefail

bench=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
home=$(cd -- "$bench/../.." && pwd)
target=$home/target

# Builds if there is no build or its sources are newer.
if [[ ! -f $target/classpath.txt || ! -d $target/bench-classes ||
  -n $(find "$home/pom.xml" "$home/src/main" "$bench/java" -newer "$target/bench-classes" -print -quit) ]]; then
  echo "bench: building (mvn process-classes compiler:compile@bench)" >&2
  (cd "$home" && mvn -q -B -ntp process-classes compiler:compile@bench dependency:build-classpath@classpath) >&2
  touch "$target/bench-classes"
fi

export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)}
export THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}

# What Spark's local cluster needs to start executors from this class path.
export SPARK_HOME=$target/spark-home SPARK_LOCAL_IP=127.0.0.1
SPARK_SCALA_VERSION=$(sed -n 's:.*<scala.binary>\(.*\)</scala.binary>.*:\1:p' "$home/pom.xml")
export SPARK_SCALA_VERSION
mkdir -p "$SPARK_HOME/jars"

# What Spark needs opened; the list is kept in one place.
read -r -a opens < <(sed -n 's:.*<java17.opens>\(.*\)</java17.opens>.*:\1:p' "$home/pom.xml")

exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "${opens[@]}" "-Xmx${BENCH_MEMORY:-512m}" "-Dbench.models=$bench/models" \
  -cp "$target/bench-classes:$bench/resources:$target/classes:$(<"$target/classpath.txt")" \
  org.plumbline.bench.Bench "$@"
