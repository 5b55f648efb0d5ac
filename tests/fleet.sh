#!/bin/sh
# Starts an API and workers as processes on one PostgreSQL, queues jobs of three tenants, and kills
# workers with kill -9 at random moments and starts others: all jobs must succeed, each once, in
# equal shares.
#   tests/fleet.sh [jobs [workers [kills [seed]]]]
set -eu
cd "$(dirname "$0")/.."
exec ./mvnw -B -ntp -q test -Dtest=FleetTest -Dsurefire.trimStackTrace=true \
  "-Dfleet.jobs=${1:-200}" "-Dfleet.workers=${2:-4}" "-Dfleet.kills=${3:-2}" "-Dfleet.seed=${4:-7}"
