package io.hermes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.applier.SnapshotConfig;
import io.hermes.ingress.HeapShare;
import io.hermes.proto.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void boundsOfAnIngressFollowTheHeapUnlessTheyAreGiven() throws IOException {
        long heapBytes = Runtime.getRuntime().maxMemory();

        assertThat(read("").get(Keys.INGRESS_PENDING_BYTES_MAX)).isEqualTo(HeapShare.pendingBytesMax(heapBytes));
        assertThat(read("").get(Keys.INGRESS_CONNECTIONS_MAX)).isEqualTo(HeapShare.connectionsMax(heapBytes));
        assertThat(read("ingress.pending-bytes-max: 1GiB").get(Keys.INGRESS_PENDING_BYTES_MAX))
                .isEqualTo(1L << 30);
        assertThat(read("ingress.connections-max: 9").get(Keys.INGRESS_CONNECTIONS_MAX))
                .isEqualTo(9);
    }

    /** Nobody proposes the defaults to the log. */
    @Test
    void settingsThatNobodyGivesAreThoseBeforeAnyRecord() throws IOException {
        Configuration given = read("");
        Settings before = Settings.BEFORE_ANY_RECORD;

        assertThat(given.get(Keys.SETTINGS_REVISION)).isEqualTo(before.revision());
        assertThat(given.get(Keys.SETTINGS_KEYS_MAX)).isEqualTo(before.keysMax());
        assertThat(given.get(Keys.SETTINGS_KEY_RETENTION)).isEqualTo(before.keyRetention());
        assertThat(given.get(Keys.SETTINGS_REQUESTS_MAX)).isEqualTo(before.requestsMax());
        assertThat(given.get(Keys.SETTINGS_INGRESS_RETENTION)).isEqualTo(before.ingressRetention());
        assertThat(given.get(Keys.SETTINGS_ANSWER_BYTES_MAX)).isEqualTo(before.answerBytesMax());
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

        assertThat(configuration.below(Keys.KAFKA_CLIENT)).containsEntry("security.protocol", "SSL");
    }

    @Test
    void kafkasOwnKeysPassInTheEnvironment() {
        String jaas =
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"b,c\";";

        Configuration configuration = Configuration.read(
                List.of(),
                Map.of(
                        "HERMES_KAFKA_CLIENT_SECURITY_PROTOCOL",
                        "SASL_SSL",
                        "HERMES_KAFKA_CLIENT_SASL_JAAS_CONFIG",
                        jaas),
                List.of());

        assertThat(configuration.below(Keys.KAFKA_CLIENT))
                .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", jaas));
    }

    @Test
    void environmentOfKafkasOwnKeysOverridesTheFileOnly() throws IOException {
        Path file = file("kafka.client: {security.protocol: SSL, sasl.mechanism: PLAIN, client.rack: a}");

        Configuration configuration = Configuration.read(
                List.of(file),
                Map.of("HERMES_KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL", "HERMES_KAFKA_CLIENT_CLIENT_RACK", "b"),
                List.of("kafka.client.client.rack=c"));

        assertThat(configuration.below(Keys.KAFKA_CLIENT))
                .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "client.rack", "c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HERMES_BOOKKEEPER_CLIENT_TLSPROVIDERFACTORYCLASS",
                "HERMES_ZOOKEEPER_SSL_TRUSTSTORE_PASSWORD",
                "HERMES_KAFKA_CLIENT_",
                "HERMES_KAFKA_CLIENT_SSL__KEY_PASSWORD",
                "HERMES_KAFKA_CLIENT_SSL.KEY-PASSWORD"
            })
    void variableThatDoesNotSayWhichKeyIsMeantIsRefused(String variable) {
        assertThatThrownBy(() -> Configuration.read(List.of(), Map.of(variable, "secret"), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(variable)
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BOOKKEEPER_CLIENT_TLSPROVIDERFACTORYCLASS", "ZOOKEEPER_CLIENT_SECURE"})
    void refusedVariableSaysWhereTheKeyIsToBeWritten(String name) {
        assertThatThrownBy(() -> Configuration.read(List.of(), Map.of("HERMES_" + name, "x"), List.of()))
                .hasMessageContaining("the file")
                .hasMessageContaining("--set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HERMES_JAVA_OPTIONS",
                "HERMES_BASE",
                "HERMES_KAFKA_CLIENT",
                "HERMES_KAFKA_CLIENT_SERVICE_HOST",
                "HERMES_ZOOKEEPER_SERVICE_HOST",
                "HERMES_ZOOKEEPER_SERVICE_PORT",
                "HERMES_ZOOKEEPER_SERVICE_PORT_CLIENT",
                "HERMES_ZOOKEEPER_PORT",
                "HERMES_ZOOKEEPER_PORT_2181_TCP",
                "HERMES_ZOOKEEPER_PORT_2181_TCP_ADDR",
                "hermes_zookeeper_client_secure"
            })
    void variableThatIsMeantForOthersIsPassedOver(String variable) {
        Configuration configuration = Configuration.read(List.of(), Map.of(variable, "x"), List.of());

        assertThat(Keys.FAMILIES)
                .allSatisfy(family -> assertThat(configuration.below(family)).isEmpty());
    }

    /** Else a variable could not say which of them it means. */
    @Test
    void kafkasOwnKeysAreLowerCaseWords() {
        Set<String> names = new TreeSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());

        assertThat(names).hasSizeGreaterThan(100).allSatisfy(name -> assertThat(Keys.KAFKA_CLIENT.keyOf(
                        "HERMES_KAFKA_CLIENT_" + name.toUpperCase(Locale.ROOT).replace('.', '_')))
                .isEqualTo("kafka.client." + name));
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
