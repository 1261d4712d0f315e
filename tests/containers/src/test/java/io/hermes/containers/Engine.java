package io.hermes.containers;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** This machine's Docker engine. */
final class Engine {

    /** The broker's image: fetched, or there already. */
    static final String KAFKA = "apache/kafka:4.3.1";

    static final String LOAD_BALANCER = "haproxy:3.0-alpine";
    static final String ZOOKEEPER = "zookeeper:3.9.4";
    static final String BOOKIE = "apache/bookkeeper:4.18.0";

    private static final Duration BUILD_MAX = Duration.ofMinutes(3);

    private static final Shell DOCKER = new Shell(Map.of());

    private Engine() {}

    /**
     * Skips the calling class, with a reason on standard output, where no engine answers or an image can be had in no way.
     *
     * @param images what is needed beside our own
     */
    static void require(Class<?> tests, String... images) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            skip(tests, "no Docker engine answers");
        }
        makeStandIns();
        for (String image : images) {
            try {
                DOCKER.run("docker image inspect " + image + " || docker pull " + image, BUILD_MAX);
            } catch (AssertionError e) {
                skip(tests, "there is no image " + image + ", and it cannot be fetched");
            }
        }
    }

    /** What our own images are built on. */
    static String base() {
        return System.getenv().getOrDefault("HERMES_BASE", "eclipse-temurin:17-jre");
    }

    private static void makeStandIns() {
        if (System.getenv("HERMES_STAND_INS") == null) {
            return;
        }
        DOCKER.run(
                "tests/containers/src/test/resources/stand-ins/build.sh " + base() + " tests/sandbox/target/lib",
                BUILD_MAX);
    }

    private static void skip(Class<?> tests, String reason) {
        System.out.println("skipped " + tests.getSimpleName() + ": " + reason);
        Assumptions.abort(reason);
    }
}
