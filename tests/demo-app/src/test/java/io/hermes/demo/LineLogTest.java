package io.hermes.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void everyOfManyLinesIsFoundAgainAlsoAfterARestart() throws IOException {
        Path file = temp.resolve("many.log");
        List<String> many =
                IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toList();
        try (LineLog log = new LineLog(file)) {
            many.forEach(line -> log.append(line.getBytes(US_ASCII)));

            assertThat(lines(log)).isEqualTo(many);
        }

        try (LineLog log = new LineLog(file)) {
            assertThat(lines(log)).isEqualTo(many);
        }
    }

    private static List<String> lines(LineLog log) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < log.lines(); i++) {
            lines.add(new String(log.line(i), US_ASCII));
        }
        return lines;
    }
}
