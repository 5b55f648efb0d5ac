#!/usr/bin/env bash
# A whole distillation, with a teacher of some twenty times the student's multiply-adds: Retort against
# PyTorch loops that run the teacher at every step or keep its logits in memory. From the
# repository's root:
#   benchmarks/peer/job.sh [THREADS] [ROUNDS]     (1 thread and 3 rounds)
set -euo pipefail
cd "$(dirname "$0")/../.."
case "${1:-}" in -h | --help)
  sed -n '2,5s/^# \{0,1\}//p' benchmarks/peer/job.sh
  exit ;;
esac
threads=${1:-1} rounds=${2:-3}
. benchmarks/peer/environment.sh
export OMP_NUM_THREADS=$threads
torch() { "$python" benchmarks/peer/job.py "$threads" "$@" 2>/dev/null; }
results=$(mktemp)
trap 'rm -f "$results"' EXIT
echo "choosing PyTorch's setting"
mode=$(for m in eager eager+cl compile compile+cl; do torch cached $m; done | sort -k4 -n | head -1 | cut -d' ' -f3)
for ((round = 0; round < rounds; round++)); do
  # two jobs in a process: the second is one of a service that has been running
  GOMP_SPINCOUNT=10000 java -cp "$classpath" io.retort.training.JobBenchmark "$threads" 2 2>/dev/null |
    grep -E '^(job|multiply)' | tee -a "$results"
  torch both "$mode" | tee -a "$results"
done
"$python" - "$results" <<'PYTHON'
import statistics, sys
lines = [l.split() for l in open(sys.argv[1]) if l.startswith("job")]
ours = [float(l[-1]) for l in lines if l[1] == "retort"]
first, later = statistics.median(ours[0::2]), statistics.median(ours[1::2])
print("\n| loop | seconds | over a fresh Retort | over a running Retort |\n|---|---|---|---|")
print(f"| Retort, first job of a process | {first:.2f} | | |")
print(f"| Retort, second job | {later:.2f} | | |")
for method in ("plain", "cached"):
    t = statistics.median(float(l[-1]) for l in lines if l[1] == method)
    mode = next(l[2] for l in lines if l[1] == method)
    print(f"| PyTorch, {method} ({mode}) | {t:.2f} | {t / first:.2f} | {t / later:.2f} |")
PYTHON
