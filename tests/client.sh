#!/bin/sh
# Generates a Java client from the API description with openapi-generator, compiles it and runs a job
# through it (tests/client/Caller.java). Starts target/retort.jar on a free port, or takes the URL of a
# service that asks for no key.
#   tests/client.sh [URL]
set -eu
cd "$(dirname "$0")/.."
url=${1:-}
version=7.16.0
work=$(mktemp -d)
service=
end() {
  if [ -n "$service" ]; then kill "$service" 2>/dev/null || true; wait "$service" || true; fi
  rm -rf "$work"
}
trap end EXIT INT TERM

if [ -z "$url" ]; then
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  url=http://127.0.0.1:$port
  java -Xmx1g -jar "${RETORT_JAR:-target/retort.jar}" "--server.port=$port" "--retort.data-dir=$work/data" \
    >"$work/service.log" 2>&1 &
  service=$!
  until curl -sf -o "$work/health" "$url/actuator/health/readiness"; do
    kill -0 "$service" 2>/dev/null || { cat "$work/service.log"; exit 1; }
    sleep 1
  done
fi

./mvnw -B -ntp -q dependency:copy -DoutputDirectory="$work" \
  -Dartifact=org.openapitools:openapi-generator-cli:$version
curl -sf "$url/v3/api-docs" >"$work/api.json"
java -jar "$work/openapi-generator-cli-$version.jar" generate -g java --library native \
  -i "$work/api.json" -o "$work/java" >"$work/generator.log" 2>&1 || { cat "$work/generator.log"; exit 1; }
./mvnw -B -ntp -q -f "$work/java/pom.xml" compile dependency:build-classpath \
  -Dmdep.outputFile="$work/classpath"
classes="$work/java/target/classes:$(cat "$work/classpath")"
javac -cp "$classes" -d "$work" tests/client/Caller.java
java -cp "$work:$classes" Caller "$url"
echo "The generated client went through a whole job."
