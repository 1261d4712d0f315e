package io.hermes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogBackend;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.SkipRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The export of {@code hermes log}. */
class LogCommandTest {

    private static final Incarnation INGRESS = new Incarnation("ingress-0-0123456789abcdef");

    private final LogBackend backend = new MemoryLogBackend(MemoryCluster.atOnce());
    private final StringWriter out = new StringWriter();

    @TempDir
    Path directory = Path.of("");

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void exportHoldsARequestALineWithAllThatDecidesWhatTheAppIsGiven() throws Exception {
        append(request(1, "POST", "/insert?x=%2F", "caf\u00e9 \"1\"\n".getBytes(StandardCharsets.UTF_8)));
        append(new BarrierRecord(new CorrelationId(INGRESS, 7), ReplyRoute.NOBODY, 5_000));
        append(request(2, "PUT", "/blob", new byte[] {(byte) 0xff, 0}));
        append(new SkipRecord(5, "it crashes"));

        export();

        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo("{\"position\":1,\"kind\":\"request\",\"id\":\"" + INGRESS + ".1\",\"exchange\":\"" + INGRESS
                        + ".1\",\"principal\":\"\",\"method\":\"POST\",\"target\":\"/insert?x=%2F\",\"headers\":"
                        + "[[\"Content-Type\",\"text/plain\"]],\"body\":\"caf\u00e9 \\\"1\\\"\\u000a\","
                        + "\"seed\":\"18446744073709551615\",\"seenThrough\":0,\"lowestUnfinished\":1,"
                        + "\"logTimeMillis\":1000}");
        assertThat(lines.get(1)).contains("\"position\":5").contains("\"body-base64\":\"/wA=\"");
        assertThat(lines.get(2)).contains("\"kind\":\"skip\"").contains("\"of\":5");
        assertThat(out.toString()).contains("3 records in " + file());
    }

    @Test
    void trimmedLogIsShownFromWhereItBegins() throws Exception {
        for (int number = 1; number <= 5; number++) {
            append(request(number, "GET", "/" + number, new byte[0]));
        }
        backend.log().trimBefore(new Position(7)).get();

        command().run(backend, new PrintWriter(out, true));

        assertThat(out.toString().lines()).hasSize(2).first().asString().contains("GET /4");
    }

    @Test
    void exportKeepsToTheWantedPositions() throws Exception {
        for (int number = 1; number <= 5; number++) {
            append(request(number, "GET", "/" + number, new byte[0]));
        }

        export("--from", "3", "--to", "6");

        assertThat(Files.readAllLines(file())).hasSize(2).first().asString().contains("\"position\":3");
    }

    @Test
    void fullDiskIsToldAndLeavesNothing() throws Exception {
        append(request(1, "GET", "/", new byte[0]));
        Files.createSymbolicLink(directory.resolve("requests.jsonl.new"), Path.of("/dev/full"));

        assertThatThrownBy(this::export)
                .hasMessageContaining("cannot write " + file())
                .hasMessageContaining("No space left on device");

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void failedExportLeavesTheFormerFile() throws Exception {
        append(request(1, "GET", "/", new byte[0]));
        append(request(2, "GET", "/", new byte[0]));
        backend.log().trimBefore(new Position(3)).get();
        Files.writeString(file(), "of yesterday");

        assertThatThrownBy(this::export).hasMessageContaining("forgotten").hasMessageContaining("--from");

        assertThat(file()).hasContent("of yesterday");
        assertThat(directory.resolve("requests.jsonl.new")).doesNotExist();
    }

    @Test
    void missingDirectoryIsTold() {
        assertThatThrownBy(() -> new WholeFile(directory.resolve("none/requests.jsonl")))
                .hasMessageContaining("none/requests.jsonl")
                .hasMessageContaining("directory does not exist");
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> command("--from", "7", "--to", "6").check()).hasMessageContaining("--to is 6");
        assertThatThrownBy(() -> command("--export", "f", "--follow").check()).hasMessageContaining("--follow");
    }

    private Path file() {
        return directory.resolve("requests.jsonl");
    }

    private void export(String... options) throws Exception {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--export";
        all[options.length + 1] = file().toString();
        LogCommand command = command(all);
        command.check();
        command.run(backend, new PrintWriter(out, true));
    }

    private static LogCommand command(String... options) {
        LogCommand command = new LogCommand();
        new CommandLine(command).parseArgs(options);
        return command;
    }

    private void append(LogContent content) throws Exception {
        backend.log().append(RecordCodec.encode(content)).get();
    }

    private static RequestRecord request(int number, String method, String target, byte[] body) {
        return new RequestRecord(
                Identity.unnamed(new CorrelationId(INGRESS, number), ""),
                new Request(method, target, List.of(new Header("Content-Type", "text/plain")), body),
                number * 1_000L,
                -1,
                "",
                ReplyRoute.NOBODY,
                0,
                1);
    }
}
