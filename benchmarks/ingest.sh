#!/usr/bin/env bash
# Rows a second and peak memory of reading 1,000,000 rows of 100 columns, CSV and Parquet, in a JVM
# with 1 GB of heap. From the repository's root:
#   benchmarks/ingest.sh [rows] [columns]
set -euo pipefail
case "${1:-}" in -h | --help)
  sed -n '2,4s/^# \{0,1\}//p' "$0"
  exit ;;
esac
rows=${1:-1000000}
columns=${2:-100}
cd "$(dirname "$0")/.."
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { java "$1" -cp "target/test-classes:target/classes:$(cat target/classpath)" \
  io.retort.dataset.IngestBenchmark "$2" "$work" "$3" "$rows" "$columns"; }
echo "| file | size | time | rows/s | memory | heap taken |"
echo "|---|---|---|---|---|---|"
for format in csv parquet; do
  run -Xmx2g write "$format" >/dev/null
  run -Xmx1g read "$format" | grep '^|'
done
