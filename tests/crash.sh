#!/bin/sh
# Kills workers (first number) and PostgreSQL (second), and stops workers past their lease (third),
# at random moments of all parts of jobs; each job must end with the same students, bit for bit.
# Prints a line a blow and at the end a table of what they hit; 65 blows take half an hour on two cores.
#   tests/crash.sh [50 [10 [5 [seed]]]]
set -eu
case "${1:-}" in -h | --help)
  sed -n '2,/^set/s/^# //p' "$0"
  exit 0
  ;;
esac
cd "$(dirname "$0")/.."
exec ./mvnw -B -ntp -q test -Dtest=CrashTest -Dsurefire.trimStackTrace=true \
  "-Dcrash.worker=${1:-50}" "-Dcrash.database=${2:-10}" "-Dcrash.stop=${3:-5}" "-Dcrash.seed=${4:-7}"
