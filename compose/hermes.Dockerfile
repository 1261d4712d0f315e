# Hermes: one image, the role is the first argument (ingress, applier, bench, …). Built from what `mvn package` left; ./hermes compose does both.
#   docker build -f compose/hermes.Dockerfile -t hermes:0.1 .
# Wants of its base: java 17 or newer on the PATH, a POSIX shell, bash for the health check.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

# What others wrote changes seldom, what we wrote often: two layers.
COPY infra/launcher/target/lib/[^h]*.jar /opt/hermes/lib/
COPY infra/launcher/target/lib/h*.jar infra/launcher/target/hermes-launcher-*.jar /opt/hermes/lib/
COPY tests/loadgen/target/lib/*.jar tests/loadgen/target/hermes-loadgen-*.jar /opt/hermes/loadgen/
COPY infra/launcher/src/main/gate/hermes-gate compose/image/hermes compose/image/health /opt/hermes/bin/

# Volumes that are mounted here for the first time belong to the same user.
COPY --chown=10001:10001 compose/image/state /var/lib/hermes/
COPY --chown=10001:10001 compose/image/state /run/hermes/
COPY --chown=10001:10001 compose/image/state /var/lib/app/

ENV PATH=/opt/hermes/bin:${PATH} \
    HERMES_ADMIN_HOST=0.0.0.0 \
    HERMES_REPLIES_LISTEN=0.0.0.0 HERMES_REPLIES_PORT=9001 \
    HERMES_BOOKKEEPER_SEQUENCER_LISTEN=0.0.0.0 HERMES_BOOKKEEPER_SEQUENCER_PORT=9002 \
    HERMES_READS_LISTEN=0.0.0.0 HERMES_READS_PORT=9003 \
    HERMES_REPLICA_STATE_DIRECTORY=/var/lib/hermes
EXPOSE 8000 9000 9001 9002 9003
USER 10001:10001
WORKDIR /var/lib/hermes
ENTRYPOINT ["/opt/hermes/bin/hermes"]
CMD ["--help"]
