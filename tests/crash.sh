#!/bin/sh
# Kills workers (first number) and PostgreSQL (second), and stops workers past their lease (third),
# at random moments of a job; each job must end with the same students, bit for bit.
#   tests/crash.sh [50 [10 [5 [seed]]]]
set -eu
cd "$(dirname "$0")/.."
exec ./mvnw -B -ntp -q test -Dtest=CrashTest -Dsurefire.trimStackTrace=true \
  "-Dcrash.worker=${1:-50}" "-Dcrash.database=${2:-10}" "-Dcrash.stop=${3:-5}" "-Dcrash.seed=${4:-7}"
