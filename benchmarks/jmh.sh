#!/usr/bin/env bash
# The engine's inner loops (a training step, labelling, the objective) under JMH, on one thread, with
# what they allocate on the Java heap. Arguments go to JMH. From the repository's root:
#   benchmarks/jmh.sh                        # everything, some four minutes
#   benchmarks/jmh.sh step -p net=CNN_28X28  # one of them
#   benchmarks/jmh.sh -h                     # JMH's options
set -euo pipefail
cd "$(dirname "$0")/.."
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
export OMP_NUM_THREADS=1
exec java -cp "target/test-classes:target/classes:$(cat target/classpath)" org.openjdk.jmh.Main \
  -prof gc -jvmArgsAppend -Xmx1g "$@"
