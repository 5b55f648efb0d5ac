# syntax=docker/dockerfile:1
# cpu, or gpu: --build-arg BACKEND=gpu, to be run with --gpus all
ARG BACKEND=cpu

FROM eclipse-temurin:17-jdk AS build
ARG BACKEND
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
# Dependencies change less often than sources: a layer of their own.
RUN ./mvnw -B -ntp -q $([ "$BACKEND" = gpu ] && echo -Pgpu) dependency:go-offline
COPY src src
RUN ./mvnw -B -ntp -q $([ "$BACKEND" = gpu ] && echo -Pgpu) package -DskipTests \
 && java -Djarmode=tools -jar target/retort.jar extract --layers --destination target/layers

FROM eclipse-temurin:17-jre AS runtime-cpu

# CUDA 11.6's libraries, and the same Java as above
FROM nvidia/cuda:11.6.2-runtime-ubuntu20.04 AS runtime-gpu
COPY --from=runtime-cpu /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:$PATH

FROM runtime-${BACKEND}
# curl for the health check, libgomp for the native libraries
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /home/retort retort \
 && mkdir /data && chown retort /data
WORKDIR /app
COPY --from=build /src/target/layers/dependencies/ ./
COPY --from=build /src/target/layers/spring-boot-loader/ ./
COPY --from=build /src/target/layers/snapshot-dependencies/ ./
COPY --from=build /src/target/layers/application/ ./
USER retort
# GOMP_SPINCOUNT: see "Threads" in the README
ENV RETORT_DATADIR=/data GOMP_SPINCOUNT=10000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
  CMD curl -fsS http://127.0.0.1:8080/actuator/health/liveness || exit 1
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-jar", "retort.jar"]
