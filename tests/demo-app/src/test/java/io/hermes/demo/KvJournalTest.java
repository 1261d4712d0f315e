package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvJournalTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void stateOutlivesTheProcess() throws IOException {
        String digest;
        try (Running server = aware()) {
            server.bodyAt("1", "PUT", "/kv/a", "1");
            server.bodyAt("2", "POST", "/kv/a/append", "2");
            server.bodyAt("3", "PUT", "/kv/b%20\u00e4", "gone");
            server.bodyAt("4", "DELETE", "/kv/b%20\u00e4", "");
            server.bodyAt("5", "PUT", "/kv/\u00e4", "");
            server.bodyAt("6", "POST", "/counter/c/add", "-99999999999999999999");
            server.bodyAt("7", "POST", "/counter/d/add", "0");
            digest = server.body("GET", "/digest", "");
        }
        try (Running server = aware()) {
            assertThat(server.position()).isEqualTo("7\n");
            assertThat(server.body("GET", "/digest", "")).isEqualTo(digest);
            assertThat(server.body("GET", "/counter/c", "")).isEqualTo("-99999999999999999999");
            assertThat(server.body("GET", "/kv/a", "")).isEqualTo("12");
        }
    }

    @Test
    void readsRaiseThePosition() throws IOException {
        try (Running server = aware()) {
            server.bodyAt("18446744073709551615", "GET", "/kv/a", "");

            assertThat(server.position()).isEqualTo("18446744073709551615\n");
        }
    }

    @Test
    void unawareServiceKeepsItsStateButTellsNoPosition() throws IOException {
        try (Running server = unaware()) {
            server.bodyAt("7", "PUT", "/kv/a", "1");
            assertThat(server.status("GET", "/.well-known/hermes/position", "")).isEqualTo(404);
        }
        try (Running server = aware()) {
            assertThat(server.body("GET", "/kv/a", "")).isEqualTo("1");
            assertThat(server.position()).isEqualTo("0\n");
        }
    }

    @Test
    void withoutAFileThePositionIsAsMortalAsTheState() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        try (Running server = new Running(new AwareService(new KvService(applied), applied))) {
            server.bodyAt("7", "PUT", "/kv/a", "1");

            assertThat(server.position()).isEqualTo("7\n");
        }
    }

    @Test
    void tornLastChangeIsCutOffWhereverItIsTorn() throws IOException {
        long first;
        try (Running server = aware()) {
            server.bodyAt("7", "PUT", "/kv/a", "one");
            first = Files.size(file());
            server.bodyAt("8", "PUT", "/kv/a", "two");
        }
        byte[] whole = Files.readAllBytes(file());
        for (int end = (int) first; end < whole.length; end++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, end));

            try (Running server = aware()) {
                assertThat(server.position()).isEqualTo("7\n");
                assertThat(server.body("GET", "/kv/a", "")).isEqualTo("one");
                assertThat(file()).hasSize(first);
            }
        }
    }

    @Test
    void lastChangeWithAWrongChecksumIsCutOff() throws IOException {
        try (Running server = aware()) {
            server.bodyAt("7", "PUT", "/kv/a", "one");
            server.bodyAt("8", "PUT", "/kv/a", "two");
        }
        damage(Files.size(file()) - 1);

        try (Running server = aware()) {
            assertThat(server.position()).isEqualTo("7\n");
            server.bodyAt("8", "PUT", "/kv/a", "two");
        }
        try (Running server = aware()) {
            assertThat(server.position()).isEqualTo("8\n");
            assertThat(server.body("GET", "/kv/a", "")).isEqualTo("two");
        }
    }

    @Test
    void damageInTheMiddleIsRefused() throws IOException {
        long first;
        try (Running server = aware()) {
            server.bodyAt("7", "PUT", "/kv/a", "one");
            first = Files.size(file());
            server.bodyAt("8", "PUT", "/kv/a", "two");
        }
        damage(first - 1);

        assertThatThrownBy(this::aware).hasMessageContaining("damaged");
    }

    @Test
    void foreignFileIsRefused() throws IOException {
        Files.writeString(file(), "somebody's letters, not to be lost");

        assertThatThrownBy(this::aware).hasMessageContaining("not a journal");
        assertThat(file()).hasContent("somebody's letters, not to be lost");
    }

    @Test
    void longJournalOfLittleStateIsWrittenAnew() throws IOException {
        String digest;
        try (Running server = aware()) {
            server.bodyAt("1", "POST", "/counter/c/add", "-7");
            server.bodyAt("2", "PUT", "/kv/b", "kept");
            for (int i = 3; i < 15; i++) {
                server.bodyAt(Integer.toString(i), "PUT", "/kv/a", (char) ('a' + i) + "x".repeat(100_000));
            }
            digest = server.body("GET", "/digest", "");
            assertThat(Files.size(file())).isBetween(100_000L, KvJournal.REWRITTEN_BYTES_MIN);

            server.bodyAt("15", "POST", "/counter/c/increment", "");
            server.bodyAt("16", "POST", "/counter/c/add", "-1");
        }
        try (Running server = aware()) {
            assertThat(server.position()).isEqualTo("16\n");
            assertThat(server.body("GET", "/digest", "")).isEqualTo(digest);
        }
    }

    @Test
    void journalOfMuchStateIsLeft() throws IOException {
        try (Running server = aware()) {
            for (int i = 1; i < 12; i++) {
                server.bodyAt(Integer.toString(i), "PUT", "/kv/" + i, "x".repeat(100_000));
            }

            assertThat(Files.size(file())).isGreaterThan(KvJournal.REWRITTEN_BYTES_MIN);
        }
    }

    @Test
    void liveBytesAreThoseOfANewJournal() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        KvState state = new KvState();
        try (KvJournal journal = KvJournal.open(file(), state, applied)) {
            long empty = Files.size(file());
            for (KvChange change : new KvChange[] {
                new KvChange(1, KvChange.Operation.PUT, "a", new byte[9]),
                new KvChange(2, KvChange.Operation.APPEND, "b\u00e4", new byte[4]),
                new KvChange(3, KvChange.Operation.ADD, "c", new byte[] {3}),
            }) {
                state.apply(change);
                journal.add(change);
            }
            journal.settle();

            assertThat(state.liveBytes()).isEqualTo(Files.size(file()) - empty);
            state.apply(new KvChange(4, KvChange.Operation.DELETE, "a", new byte[0]));
            state.apply(new KvChange(5, KvChange.Operation.APPEND, "b\u00e4", new byte[4]));
            assertThat(state.liveBytes()).isEqualTo(Files.size(file()) - empty - KvChange.bytes("a", 9) + 4);
        }
    }

    @Test
    void unfinishedNewJournalIsPassedOver() throws IOException {
        try (Running server = aware()) {
            server.bodyAt("7", "PUT", "/kv/a", "one");
        }
        Files.writeString(file().resolveSibling("kv.journal.new"), "cut off he");

        try (Running server = aware()) {
            assertThat(server.position()).isEqualTo("7\n");
        }
    }

    private Running aware() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        return new Running(new AwareService(new KvService(applied, file()), applied));
    }

    private Running unaware() throws IOException {
        return new Running(new KvService(new AppliedPosition(), file()));
    }

    private Path file() {
        return temp.resolve("kv.journal");
    }

    private void damage(long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {'?'}), at);
        }
    }
}
