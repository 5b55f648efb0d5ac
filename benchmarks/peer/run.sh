#!/usr/bin/env bash
# Retort's training step against PyTorch's, alternately, on this machine's CPU. Makes a virtual
# environment with PyTorch from PyPI under target/ (a download of some gigabytes). Needs Python 3.10
# or later and, for torch.compile, a C++ compiler and Python's headers. From the repository's root:
#   benchmarks/peer/run.sh [--rounds 5] [--seconds 2] [--threads 1 2] [--nets NAME ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
case "${1:-}" in -h | --help)
  sed -n '2,5s/^# \{0,1\}//p' benchmarks/peer/run.sh
  exit ;;
esac
python=${RETORT_PEER_PYTHON:-target/peer/bin/python}
if [ ! -x "$python" ]; then
  python3 -m venv target/peer
  target/peer/bin/pip install --quiet "torch==2.15.0" numpy
fi
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
exec "$python" benchmarks/peer/run.py "$@"
