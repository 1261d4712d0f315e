package io.hermes.architecture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dependency table of the house style. */
class LayersTest {

    @ParameterizedTest
    @CsvSource({
        "io.hermes.proto, ''",
        "io.hermes.log, ''",
        "io.hermes.log.tck, io.hermes.log",
        "io.hermes.log.memory, io.hermes.log",
        "io.hermes.log.direct, io.hermes.log",
        "io.hermes.log.embedded, ''",
        "io.hermes.log.kafka.embedded, io.hermes.log.embedded",
        "io.hermes.log.bookkeeper.embedded, io.hermes.log.embedded",
        "io.hermes.log.bookkeeper, io.hermes.log io.hermes.log.bookkeeper.embedded io.hermes.log.embedded",
        "io.hermes.ingress, io.hermes.proto io.hermes.log",
        "io.hermes.applier, io.hermes.proto io.hermes.log",
        "io.hermes.demo, ''",
        "io.hermes.loadgen, ''",
        "io.hermes.check, io.hermes.applier io.hermes.proto io.hermes.log io.hermes.log.embedded",
        "io.hermes.sandbox, io.hermes.launcher io.hermes.log.embedded io.hermes.log.kafka.embedded"
                + " io.hermes.log.bookkeeper.embedded io.hermes.demo"
    })
    void moduleSeesOnlyWhatItMay(String from, String allowed) {
        Rules.seesOnly(from, allowed.split(" ", -1)).check(Code.PRODUCT);
    }

    @Test
    void kafkaIsKnownToItsAdapterAndItsBrokersOnly() {
        Rules.libraryOnlyIn("org.apache.kafka", "io.hermes.log.kafka").check(Code.PRODUCT);
    }

    @Test
    void bookKeeperIsKnownToItsAdapterAndItsBookiesOnly() {
        Rules.libraryOnlyIn("org.apache.bookkeeper", "io.hermes.log.bookkeeper").check(Code.PRODUCT);
        Rules.libraryOnlyIn("org.apache.zookeeper", "io.hermes.log.bookkeeper").check(Code.PRODUCT);
        Rules.libraryOnlyIn("org.apache.curator", "io.hermes.log.bookkeeper").check(Code.PRODUCT);
        Rules.libraryOnlyIn("io.netty", "io.hermes.log.bookkeeper").check(Code.PRODUCT);
    }

    @Test
    void generatedTypesStayInTheCodec() {
        Rules.libraryOnlyIn("io.hermes.proto.wire", "io.hermes.proto").check(Code.PRODUCT);
    }

    @Test
    void jettyServesInTheIngressAndTheAdminPortOnly() {
        Rules.libraryOnlyIn("org.eclipse.jetty.server", "io.hermes.ingress", "io.hermes.launcher")
                .check(Code.PRODUCT);
    }

    @Test
    void clocksAndChanceComeFromTheEdge() {
        Rules.clocksOnlyIn(
                        "io.hermes.launcher",
                        "io.hermes.sandbox",
                        "io.hermes.demo",
                        "io.hermes.loadgen",
                        "io.hermes.check",
                        "io.hermes.log.tck",
                        "io.hermes.log.embedded",
                        "io.hermes.log.kafka.embedded",
                        "io.hermes.log.bookkeeper.embedded")
                .check(Code.PRODUCT);
    }

    @Test
    void namesSaySomething() {
        Rules.telling().check(Code.PRODUCT);
    }

    @Test
    void gettersCarryNoGet() {
        Rules.noGetters().check(Code.PRODUCT);
    }
}
