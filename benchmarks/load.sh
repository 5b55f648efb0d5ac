#!/usr/bin/env bash
# Submissions, reads and live streams of an API whose database holds many jobs, and the plans of the
# queries behind them; API, PostgreSQL and callers on this machine. From anywhere:
#   benchmarks/load.sh [jobs [points a job [seconds a figure]]]     (100000, 100 and 10 unless told)
set -euo pipefail
case "${1:-}" in -h | --help)
  sed -n '2,4s/^# \{0,1\}//p' "$0"
  exit ;;
esac
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
exec java -cp "target/test-classes:target/classes:$(cat target/classpath)" \
  io.retort.job.LoadBenchmark "${1:-100000}" "${2:-100}" "${3:-10}" 2>/dev/null
