#!/bin/sh
# Starts an API and workers as processes on one PostgreSQL, queues jobs of three tenants, and kills
# workers with kill -9 at random moments and starts others: all jobs must succeed, each once, in
# equal shares. With --s3 every process has a data directory of its own and they share a bucket of
# an S3 service, which is killed and started again in the middle.
#   tests/fleet.sh [--s3] [200 [4 [2 [seed]]]]      jobs, workers, kills
set -eu
s3=false
case "${1:-}" in
  -h | --help)
    sed -n '2,/^set/s/^# //p' "$0"
    exit 0
    ;;
  --s3)
    s3=true
    shift
    ;;
esac
cd "$(dirname "$0")/.."
exec ./mvnw -B -ntp -q test -Dtest=FleetTest -Dsurefire.trimStackTrace=true "-Dfleet.s3=$s3" \
  "-Dfleet.jobs=${1:-200}" "-Dfleet.workers=${2:-4}" "-Dfleet.kills=${3:-2}" "-Dfleet.seed=${4:-7}"
