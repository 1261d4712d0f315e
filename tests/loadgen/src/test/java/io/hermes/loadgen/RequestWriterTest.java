package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestWriterTest {

    private static final Target TARGET = new Target("localhost", 8000);

    @Test
    void writeCarriesRandomLettersAndTheHeaders() {
        RequestWriter writer = writer(0, List.of("Hermes-Read-Level: local"));

        String first = next(writer);
        String second = next(writer);

        assertThat(first)
                .startsWith("POST /insert HTTP/1.1\r\nHost: localhost:8000\r\nHermes-Read-Level: local\r\n")
                .contains("Content-Length: 128\r\n")
                .containsPattern("\r\n\r\n[A-Z]{128}$");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void readsChooseAmongAllLinesThereAreByNow() {
        RequestWriter writer = writer(100, List.of());
        writer.onWritten();
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            paths.add(next(writer).split(" ", 3)[1]);
        }

        assertThat(paths).containsExactlyInAnyOrder("/line/1", "/line/2", "/line/3", "/line/4");
    }

    @Test
    void shareOfReadsIsAsAsked() {
        RequestWriter writer = writer(30, List.of());
        int reads = 0;
        for (int i = 0; i < 10_000; i++) {
            reads += next(writer).startsWith("GET") ? 1 : 0;
        }

        assertThat(reads).isBetween(2_800, 3_200);
    }

    private static RequestWriter writer(int readPercent, List<String> headers) {
        Workload workload = new Workload(128, readPercent, "/line/{n}", "/insert", headers, 3);
        return new RequestWriter(workload, TARGET, new SplittableRandom(7));
    }

    private static String next(RequestWriter writer) {
        ByteBuffer out = ByteBuffer.allocate(writer.bytesMax());
        writer.next(out);
        return new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1);
    }
}
