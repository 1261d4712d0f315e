package io.hermes.log.bookkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogEntryTest {

    @Test
    void recordsComeBackWithTheirPositions() {
        LogEntry decoded = LogEntry.decode(entry(7, "a", "", "bc"));

        assertThat(decoded.first()).isEqualTo(7);
        assertThat(decoded.next()).isEqualTo(10);
        assertThat(decoded.records().stream().map(record -> new String(record, UTF_8)))
                .containsExactly("a", "", "bc");
    }

    @Test
    void nextPositionIsKnownWithoutReadingTheRecords() {
        assertThat(LogEntry.nextOf(entry(7, "a", "b"))).isEqualTo(9);
        assertThat(LogEntry.nextOf(entry(7))).isEqualTo(7);
    }

    @Test
    void damagedEntryIsRefused() {
        ByteBuf cut = entry(7, "abc").slice(0, LogEntry.HEADER_BYTES + LogEntry.RECORD_HEADER_BYTES + 1);

        assertThatThrownBy(() -> LogEntry.decode(cut))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 7");
    }

    @Test
    void entryOfALaterVersionIsRefused() {
        ByteBuf later = entry(7, "abc");
        later.setByte(0, 9);

        assertThatThrownBy(() -> LogEntry.decode(later)).hasMessageContaining("version 9");
    }

    private static ByteBuf entry(long first, String... records) {
        ByteBuf bytes = Unpooled.buffer();
        LogEntry.writeHeader(bytes, first, records.length);
        for (String record : List.of(records)) {
            LogEntry.writeRecord(bytes, record.getBytes(UTF_8));
        }
        return bytes;
    }
}
