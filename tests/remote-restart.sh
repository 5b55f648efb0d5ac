#!/bin/sh
# One Retort teaches another over /v2. Each is killed with kill -9 in the middle of labelling and
# started again on its port and data directory; a proxy between them counts every row.
#   tests/remote-restart.sh
set -eu
cd "$(dirname "$0")/.."
exec ./mvnw -B -ntp -q test -Dtest=RemoteRestartTest -Dsurefire.trimStackTrace=true -Dcrash.remote=true
