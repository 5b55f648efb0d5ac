#!/usr/bin/env bash
# A training step with each method on features or relations: Retort against PyTorch, alternately, on
# one thread each. Makes a virtual environment with PyTorch from PyPI under target/, as run.sh does;
# needs a C++ compiler and Python's headers. Compiling takes some ten minutes the first time
# (--prepare does only that). From the repository's root:
#   benchmarks/peer/terms.sh [ROUNDS]     (7 rounds)
#   benchmarks/peer/terms.sh --prepare [STUDENT ...] | --check
set -euo pipefail
cd "$(dirname "$0")/../.."
case "${1:-}" in -h | --help)
  sed -n '2,7s/^# \{0,1\}//p' benchmarks/peer/terms.sh
  exit ;;
esac
. benchmarks/peer/environment.sh
export RETORT_CLASSPATH=$classpath OMP_NUM_THREADS=1 TORCHINDUCTOR_CACHE_DIR=$PWD/target/peer-compiled
exec "$python" benchmarks/peer/terms.py "$@"
