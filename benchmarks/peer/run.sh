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
. benchmarks/peer/environment.sh
exec "$python" benchmarks/peer/run.py "$@"
