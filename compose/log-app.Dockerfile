# The sample app, as somebody would build it who has never heard of Hermes: it listens on a port, its state is a file.
#   docker build -f compose/log-app.Dockerfile -t log-app:0.1 .
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}
COPY tests/sandbox/target/lib/picocli-*.jar tests/sandbox/target/lib/jackson-core-*.jar \
     tests/sandbox/target/lib/hermes-demo-app-*.jar /opt/log-app/
COPY --chown=10001:10001 compose/image/state /var/lib/app/
USER 10001:10001
WORKDIR /var/lib/app
EXPOSE 8001
CMD ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-XX:-UsePerfData", "-cp", "/opt/log-app/*", \
     "io.hermes.demo.LogServer", "--address", "0.0.0.0", "--file", "/var/lib/app/operations.log"]
