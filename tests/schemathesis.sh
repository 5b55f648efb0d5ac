#!/bin/sh
# Sends what a generator makes of the API description (https://schemathesis.io) to a service and fails
# on any 5xx and any answer that the description does not have. Starts target/retort.jar with keys on a
# free port, or takes the URL of a service and, in RETORT_KEY, an admin key of it.
#   tests/schemathesis.sh [cases per operation [seed [URL]]]
# SCHEMATHESIS names the `schemathesis` program; unset, it is installed into target/schemathesis.
set -eu
cd "$(dirname "$0")/.."
cases=${1:-30} seed=${2:-7} url=${3:-}
program=${SCHEMATHESIS:-target/schemathesis/bin/schemathesis}
work=$(mktemp -d)
mkdir -p target
service=
end() {
  if [ -n "$service" ]; then kill "$service" 2>/dev/null || true; wait "$service" || true; fi
  rm -rf "$work"
}
trap end EXIT INT TERM

if [ ! -x "$program" ] && ! command -v "$program" >/dev/null; then
  python3 -m venv target/schemathesis
  target/schemathesis/bin/pip install -q schemathesis==4.32.5
fi

if [ -z "$url" ]; then
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  url=http://127.0.0.1:$port
  # Names of other machines lead nowhere, so no generated URI is asked for anything.
  echo "127.0.0.1 localhost" >"$work/hosts"
  java -Xmx1g "-Djdk.net.hosts.file=$work/hosts" -jar "${RETORT_JAR:-target/retort.jar}" \
    "--server.port=$port" "--retort.data-dir=$work/data" --retort.access.keys-required=true \
    --retort.quota.requests-per-second=1000000 --retort.quota.queued-jobs=1000000 \
    >target/schemathesis.log 2>&1 &
  service=$!
  until curl -sf -o "$work/health" "$url/actuator/health/readiness"; do
    kill -0 "$service" 2>/dev/null || { cat target/schemathesis.log; exit 1; }
    sleep 1
  done
  RETORT_KEY=$(cat "$work/data/admin-key")
fi

# Made at the first request, which may take longer than the 10 s that Schemathesis gives it.
curl -sf -o "$work/api.json" "$url/v3/api-docs"

# `wait` holds answers back for up to a minute. The report is in target/schemathesis-report.
"$program" --config-file tests/schemathesis.toml run "$url/v3/api-docs" \
  -H "Authorization: Bearer ${RETORT_KEY:?an admin key of the service}" \
  --phases examples,coverage,fuzzing,stateful --checks all \
  --max-examples "$cases" --seed "$seed" --generation-database none \
  --continue-on-failure --no-color --request-timeout 70 --max-response-time 70 \
  --report ndjson --report-dir target/schemathesis-report
if [ -n "$service" ] && grep -n "error id" target/schemathesis.log; then exit 1; fi
