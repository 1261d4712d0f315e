package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Bytes written by every released version, kept in {@code golden/VERSION/}. A failure here means that a log written by that
 * version can no longer be read, or would be written differently: never regenerate an old file to make it pass.
 */
class GoldenBytesTest {

    @Test
    void requestOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/request.hex")))
                .usingRecursiveComparison()
                .isEqualTo(Samples.REQUEST);
    }

    @Test
    void askAgainOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/ask-again.hex"))).isEqualTo(Samples.ASK_AGAIN);
    }

    @Test
    void barrierOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/barrier.hex"))).isEqualTo(Samples.BARRIER);
    }

    @Test
    void repliesOf01StayReadable() throws Exception {
        assertThat(ReplyCodec.decode(golden("0.1/replies.hex")))
                .usingRecursiveComparison()
                .isEqualTo(Samples.BATCH);
    }

    @Test
    void requestIsStillWrittenAsIn01() throws Exception {
        assertThat(hex(RecordCodec.encode(Samples.REQUEST))).isEqualTo(hex(golden("0.1/request.hex")));
    }

    @Test
    void repliesAreStillWrittenAsIn01() throws Exception {
        assertThat(hex(ReplyCodec.encode(Samples.BATCH))).isEqualTo(hex(golden("0.1/replies.hex")));
    }

    @Test
    void windowDigestOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/window-digest.hex"))).isEqualTo(Samples.WINDOW_DIGEST);
    }

    @Test
    void windowEntriesOf01StayReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/window-entries.hex")))
                .usingRecursiveComparison()
                .isEqualTo(Samples.WINDOW_ENTRIES);
    }

    @Test
    void windowAnswerOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/window-answer.hex")))
                .usingRecursiveComparison()
                .isEqualTo(Samples.WINDOW_ANSWER);
    }

    @Test
    void closeWindowOf01StaysReadable() throws Exception {
        assertThat(RecordCodec.decode(golden("0.1/close-window.hex"))).isEqualTo(Samples.CLOSE_WINDOW);
    }

    @Test
    void windowsAreStillWrittenAsIn01() throws Exception {
        assertThat(hex(RecordCodec.encode(Samples.WINDOW_DIGEST))).isEqualTo(hex(golden("0.1/window-digest.hex")));
        assertThat(hex(RecordCodec.encode(Samples.WINDOW_ENTRIES))).isEqualTo(hex(golden("0.1/window-entries.hex")));
        assertThat(hex(RecordCodec.encode(Samples.WINDOW_ANSWER))).isEqualTo(hex(golden("0.1/window-answer.hex")));
        assertThat(hex(RecordCodec.encode(Samples.CLOSE_WINDOW))).isEqualTo(hex(golden("0.1/close-window.hex")));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(GoldenBytesTest.class.getResourceAsStream("/golden/" + name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }
}
