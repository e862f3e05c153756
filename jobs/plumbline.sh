#!/usr/bin/env bash
# Runs one command of Plumbline: jobs/plumbline.sh COMMAND [options], or jobs/plumbline.sh --help.
#
# With SPARK_HOME set, on the Spark installed there, by spark-submit; otherwise on the Spark that the
# build brings, inside one Java process. Builds first if there is no build or its sources are newer.
#
#   PLUMBLINE_SPARK_ARGS  more arguments for spark-submit, such as --master yarn --num-executors 4
#   PLUMBLINE_JAVA_ARGS   more arguments for java without spark-submit, such as -Dspark.master=local[4]
#   PLUMBLINE_MEMORY      Java heap without spark-submit (default 2g); models lie outside of it
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

say() {
  printf '%s\n' "$*" >&2
}

# The newest jar of the build: "plain", or "spark", which carries its libraries.
jar() {
  local file newest=
  for file in "$home"/target/plumbline-*.jar; do
    [[ -f $file ]] || continue
    if [[ $1 == spark && $file != *-spark.jar || $1 == plain && $file == *-spark.jar ]]; then
      continue
    fi
    [[ -n $newest && $newest -nt $file ]] || newest=$file
  done
  printf '%s' "$newest"
}

# True if there is no jar of the kind, or something it is made from is newer.
stale() {
  local jar
  jar=$(jar "$1")
  [[ -z $jar || ! -f $home/target/classpath.txt ]] && return 0
  [[ -n $(find "$home/pom.xml" "$home/src/main" "$home/conf" -newer "$jar" -print -quit) ]]
}

build() {
  if ! command -v mvn >/dev/null; then
    say "plumbline: Cannot build: mvn is not on the PATH"
    exit 1
  fi
  say "plumbline: building (mvn package); the first time this fetches libraries"
  local skip=true
  [[ $1 == spark ]] && skip=false
  (cd "$home" && mvn -q -B -ntp -DskipTests -Dshade.skip=$skip package) >&2
  # Maven leaves a jar alone whose contents are the same; it is up to date all the same.
  touch "$(jar "$1")"
}

on_installed_spark() {
  local arguments
  read -r -a arguments <<<"${PLUMBLINE_SPARK_ARGS:-}"
  # What spark-submit logs before the program runs; the program then sets up its own log.
  export SPARK_SUBMIT_OPTS="\"-Dlog4j2.configurationFile=file:$home/conf/log4j2-submit.properties\" ${SPARK_SUBMIT_OPTS:-}"
  exec "$SPARK_HOME/bin/spark-submit" --class org.plumbline.Plumbline "${arguments[@]}" \
    "$(jar spark)" "$@"
}

on_own_spark() {
  local opens arguments
  # Spark needs parts of Java 17 opened; the list is kept in one place.
  read -r -a opens < <(sed -n 's:.*<java17.opens>\(.*\)</java17.opens>.*:\1:p' "$home/pom.xml")
  read -r -a arguments <<<"${PLUMBLINE_JAVA_ARGS:-}"
  exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "${opens[@]}" "-Xmx${PLUMBLINE_MEMORY:-2g}" \
    "${arguments[@]}" -cp "$(jar plain):$(<"$home/target/classpath.txt")" \
    org.plumbline.Plumbline "$@"
}

# Java cannot tell where standard error goes, nor how wide it is.
export PLUMBLINE_TERMINAL=false
if [[ -t 2 && ${TERM:-dumb} != dumb ]]; then
  PLUMBLINE_TERMINAL=true
  size=$(stty size <&2 2>/dev/null || true)
  export COLUMNS=${size#* }
fi

# Tasks share the cores: one native thread each, and none that spins while it waits. A command that
# asks one model has the cores to itself.
[[ ${1:-} == generate || ${1:-} == logprobs ]] || export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
# Large arrays on huge pages: far fewer page faults for PyTorch's temporaries.
export THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}

# Java reads arguments and names of files in the locale's character set.
[[ $(locale charmap 2>/dev/null) == UTF-8 ]] || export LC_ALL=C.UTF-8

kind=plain
[[ -x ${SPARK_HOME:-}/bin/spark-submit ]] && kind=spark
if stale $kind; then
  # One build at a time; whoever waited for it need not build again.
  mkdir -p "$home/target"
  exec 9>"$home/target/build.lock"
  flock 9
  if stale $kind; then
    build $kind
  fi
  exec 9>&-
fi
if [[ $kind == spark ]]; then
  on_installed_spark "$@"
fi
if [[ -n ${SPARK_HOME:-} ]]; then
  say "plumbline: no bin/spark-submit in SPARK_HOME ($SPARK_HOME); using the Spark of the build"
fi
on_own_spark "$@"
