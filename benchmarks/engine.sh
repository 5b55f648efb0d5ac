#!/usr/bin/env bash
# Figures of the training engine on this machine. From the repository's root:
#   benchmarks/engine.sh peak [SECONDS]          GFLOP/s of each network's step, at 1 and all threads
#   benchmarks/engine.sh side-by-side [SECONDS]  two jobs at once on one thread each against one alone
#   benchmarks/engine.sh terms [ROUNDS] [BATCH] [NAME ...]  what terms on features add to a step
#   benchmarks/engine.sh growth                  memory of the process over 10,000 steps
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  peak | side-by-side | growth | terms) ;;
  *) sed -n '2,6s/^# \{0,1\}//p' benchmarks/engine.sh; exit 2 ;;
esac
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
run() { java "${@:2}" -cp "target/test-classes:target/classes:$(cat target/classpath)" \
  "io.retort.training.$1" ${args:-} 2>/dev/null | grep -E '^\||GFLOP'; }
case "$1" in
  peak)
    for threads in 1 $(nproc); do
      args="$threads ${2:-2}"
      OMP_NUM_THREADS=$threads GOMP_SPINCOUNT=10000 run PeakBenchmark
    done ;;
  side-by-side) args="${2:-1}" OMP_NUM_THREADS=1 run SideBySideBenchmark ;;
  terms) args="${2:-100} ${3:-100} ${*:4}" OMP_NUM_THREADS=1 run TermBenchmark ;;
  growth) OMP_NUM_THREADS=1 run GrowthBenchmark -Xms256m -Xmx256m -XX:+AlwaysPreTouch ;;
esac
