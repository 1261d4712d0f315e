package io.hermes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.applier.SnapshotConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void keysMayBeNestedOrDotted() throws IOException {
        Configuration configuration = read(
                """
                ingress:
                  port: 8123
                  request-timeout: 5s
                kafka.bootstrap: [a:1, b:2]
                log.record-bytes-max: 2MiB
                """);

        assertThat(configuration.get(Keys.INGRESS_PORT)).isEqualTo(8123);
        assertThat(configuration.get(Keys.INGRESS_REQUEST_TIMEOUT)).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.get(Keys.KAFKA_BOOTSTRAP)).containsExactly("a:1", "b:2");
        assertThat(configuration.get(Keys.LOG_RECORD_BYTES_MAX)).isEqualTo(2L << 20);
    }

    @Test
    void snapshotsMayBeDueByRecordsAndByTime() throws IOException {
        Configuration inFile = read("snapshot.every: [1000, 5m]");
        Configuration bySet = Configuration.read(List.of(), Map.of(), List.of("snapshot.every=1000,5m"));

        SnapshotConfig.Due both = new SnapshotConfig.Due(1000, Duration.ofMinutes(5));
        assertThat(inFile.get(Keys.SNAPSHOT_EVERY)).isEqualTo(both);
        assertThat(bySet.get(Keys.SNAPSHOT_EVERY)).isEqualTo(both);
    }

    @Test
    void snapshotsMayBeDueNever() throws IOException {
        assertThat(read("snapshot.every: never").get(Keys.SNAPSHOT_EVERY)).isEqualTo(SnapshotConfig.Due.NEVER);
    }

    @Test
    void snapshotsThatAreDueSometimeAreRefused() throws IOException {
        Configuration configuration = read("snapshot.every: sometimes");

        assertThatThrownBy(() -> configuration.get(Keys.SNAPSHOT_EVERY))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a number of records");
    }

    @Test
    void environmentOverridesTheFile() throws IOException {
        Path file = file("ingress.port: 1");

        Configuration configuration = Configuration.read(List.of(file), Map.of("HERMES_INGRESS_PORT", "2"), List.of());

        assertThat(configuration.get(Keys.INGRESS_PORT)).isEqualTo(2);
    }

    @Test
    void setOverridesTheEnvironment() {
        Configuration configuration = Configuration.read(
                List.of(), Map.of("HERMES_INGRESS_PORT", "2"), List.of("ingress.port=3", "ingress.port=4"));

        assertThat(configuration.get(Keys.INGRESS_PORT)).isEqualTo(4);
    }

    @Test
    void laterFileOverridesTheEarlier() throws IOException {
        Path first = file("ingress.port: 1\nadmin.port: 7");
        Path second = Files.writeString(temp.resolve("second.yaml"), "ingress.port: 2");

        Configuration configuration = Configuration.read(List.of(first, second), Map.of(), List.of());

        assertThat(configuration.get(Keys.INGRESS_PORT)).isEqualTo(2);
        assertThat(configuration.get(Keys.ADMIN_PORT)).isEqualTo(7);
    }

    @Test
    void unknownKeyNamesTheNearestKnownOne() {
        assertThatThrownBy(() -> read("ingress.prot: 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'ingress.prot'")
                .hasMessageContaining("'ingress.port'");
    }

    @Test
    void unknownKeyInSetIsAnErrorToo() {
        assertThatThrownBy(() -> Configuration.read(List.of(), Map.of(), List.of("log.bakend=kafka")))
                .hasMessageContaining("'log.backend'");
    }

    @Test
    void strangeEnvironmentIsPassedOver() {
        Configuration configuration =
                Configuration.read(List.of(), Map.of("HERMES_INGRESS_SERVICE_HOST", "10.0.0.1"), List.of());

        assertThat(configuration.get(Keys.INGRESS_NAME)).isEqualTo("ingress-0");
    }

    @Test
    void valueThatIsNoNumberSaysWhatWasWanted() throws IOException {
        Configuration configuration = read("ingress.port: many");

        assertThatThrownBy(() -> configuration.get(Keys.INGRESS_PORT))
                .hasMessage("ingress.port is 'many', wanted a whole number");
    }

    @Test
    void durationWithoutUnitSaysWhatWasWanted() throws IOException {
        Configuration configuration = read("app.timeout: 30");

        assertThatThrownBy(() -> configuration.get(Keys.APP_TIMEOUT)).hasMessageContaining("250ms");
    }

    @Test
    void missingKeySaysHowToGiveIt() throws IOException {
        Configuration configuration = read("");

        assertThatThrownBy(() -> configuration.get(Keys.APP_PORT))
                .hasMessageContaining("app.port is missing")
                .hasMessageContaining("HERMES_APP_PORT");
    }

    @Test
    void kafkasOwnKeysPass() throws IOException {
        Configuration configuration = read("kafka.client.security.protocol: SSL");

        assertThat(configuration.below(Keys.KAFKA_CLIENT_PREFIX)).containsEntry("security.protocol", "SSL");
    }

    @Test
    void fileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Configuration.read(List.of(temp.resolve("no.yaml")), Map.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.yaml");
    }

    @Test
    void fileThatIsNotYamlIsToldInOneLine() {
        assertThatThrownBy(() -> read("a: [1,\nb: 2"))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void everyKeyHasADefaultThatItsParserTakes() {
        assertThat(Keys.ALL).isNotEmpty().allSatisfy(key -> {
            String defaultValue = key.defaultValue();
            if (defaultValue != null) {
                assertThat(key.parser().apply(List.of(defaultValue))).isNotNull();
            }
        });
    }

    private Configuration read(String yaml) throws IOException {
        return Configuration.read(List.of(file(yaml)), Map.of(), List.of());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(temp.resolve("config.yaml"), yaml);
    }
}
