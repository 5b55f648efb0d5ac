#!/usr/bin/env bash
# Labels a dataset with a large teacher of the registry, with one worker process of one thread and
# with two, three times each, on one directory or, with s3, on one each and a bucket. From the
# repository's root:
#   benchmarks/labelling.sh [ROWS [s3]]
set -euo pipefail
cd "$(dirname "$0")/.."
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
chmod 755 "$directory"
GOMP_SPINCOUNT=10000 java -cp "target/test-classes:target/classes:$(cat target/classpath)" \
  io.retort.crash.LabellingBenchmark "$directory" "${1:-200000}" ${2:-} 2>/dev/null | grep ' workers:'
