package io.hermes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @Test
    void unknownKeyEndsWithOneLineAndCodeTwo() {
        int code = run("ingress", "--set", "ingress.prot=1");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("ingress.port");
    }

    @Test
    void missingBrokerEndsWithOneLineAndCodeOne() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        int code = run(
                "ingress",
                "--set",
                "kafka.bootstrap=127.0.0.1:" + port,
                "--set",
                "log.start-timeout=1s",
                "--set",
                "admin.port=0");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("127.0.0.1:" + port);
    }

    @Test
    void disposableAppThatNobodyStartsIsRefused() {
        int code = run("applier", "--set", "app.port=1");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("app.command")
                .contains("app.gate-directory");
    }

    @Test
    void versionThatIsTooLongToBeComparedIsRefused() {
        int code = run("applier", "--set", "app.port=1", "--set", "app.version=" + "1".repeat(201));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("app.version");
    }

    @Test
    void nameThatIsTooLongToBeComparedIsRefused() {
        int code = run("applier", "--set", "app.port=1", "--set", "replica.name=" + "r".repeat(201));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("replica.name");
    }

    @Test
    void folderThatExistsIsNotBackedUpInto() {
        int code = run("backup", "--to", System.getProperty("java.io.tmpdir"));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("--to")
                .contains("exists already");
    }

    @Test
    void folderThatIsNoBackupIsToldWithoutALog() {
        int code = run("restore", "--check", "--from", System.getProperty("java.io.tmpdir"));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("is no backup");
    }

    @Test
    void snapshotsOfAnExternalAppAreRefused() {
        int code =
                run("applier", "--set", "app.port=1", "--set", "app.kind=external", "--set", "snapshot.via=directory");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("snapshot.via");
    }

    @Test
    void trimmingWithOneSnapshotIsRefused() {
        int code = run(
                "applier",
                "--set",
                "app.port=1",
                "--set",
                "app.command=true",
                "--set",
                "snapshot.trim=true",
                "--set",
                "snapshot.keep=1");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("snapshot.keep");
    }

    @Test
    void resolutionOfANonExternalAppIsRefused() {
        int code = run("applier", "--set", "app.port=1", "--set", "app.command=true", "--resolve", "7=executed");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("--resolve");
    }

    @Test
    void unknownKindOfRecordIsRefused() {
        int code = run(
                "log", "--kind", "nonsense", "--set", "kafka.bootstrap=127.0.0.1:9", "--set", "log.start-timeout=1s");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("ask-again");
    }

    @Test
    void positionThatIsNoneIsRefused() {
        int code = run("skip", "0", "--set", "kafka.bootstrap=127.0.0.1:9", "--set", "log.start-timeout=1s");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("POSITION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ingress.body-bytes-max=1MiB", "ingress.header-bytes-max=64KiB", "log.record-bytes-max=512KiB"})
    void requestsThatDoNotFitARecordAreRefused(String setting) {
        int code = run(
                "ingress", "--set", setting, "--set", "kafka.bootstrap=127.0.0.1:9", "--set", "log.start-timeout=1s");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("log.record-bytes-max", "ingress.body-bytes-max", "ingress.header-bytes-max");
    }

    @Test
    void deliveryTimeoutBeyondTheRequestsIsRefused() {
        int code = run("ingress", "--set", "log.delivery-timeout=40s");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("log.delivery-timeout").contains("ingress.request-timeout");
    }

    @Test
    void helpListsEveryKey() {
        run("ingress", "--help");

        assertThat(Keys.ALL).allSatisfy(key -> assertThat(out.toString()).contains(key.name()));
    }

    @Test
    void helpListsEveryFamilyOfKeysWithItsMeaning() {
        run("applier", "--help");

        // The terminal's width decides where lines end.
        String help = out.toString().replaceAll("\\s+", " ");
        assertThat(Keys.FAMILIES).hasSize(3).allSatisfy(family -> assertThat(help)
                .contains(" " + family.prefix() + "… " + family.meaning()));
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine(new Main());
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(out, true));
        return line.execute(args);
    }
}
