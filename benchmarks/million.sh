#!/usr/bin/env bash
# Time and peak memory of a whole job on 1,000,000 rows of 100 columns in a JVM with 1 GB of heap: a
# teacher (mlp 256-256, one epoch) labels every row, a twin and a student (mlp 32) train one epoch.
# A second job, in a process of its own, has another tau and finds everything known. From anywhere:
#   benchmarks/million.sh [rows] [columns]
set -euo pipefail
case "${1:-}" in -h | --help)
  sed -n '2,5s/^# \{0,1\}//p' "$0"
  exit ;;
esac
rows=${1:-1000000}
columns=${2:-100}
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
main=io.retort.pipeline.MillionBenchmark
classpath="target/test-classes:target/classes:$(cat target/classpath)"
java -Xmx2g -cp "$classpath" $main write "$work" "$rows" "$columns"
for tau in 4 2; do
  java -Xmx1g -cp "$classpath" $main run "$work" "$tau" | grep -E '^(tau|Labelled|VmHWM|Resident)'
done
