package io.hermes.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DifferTest {

    private static final RunFacts ONE = new RunFacts(1, 1, "0", Path.of("/1"), Set.of(), 0);
    private static final RunFacts OTHER = new RunFacts(2, 2, "1", Path.of("/2"), Set.of(), 0);

    @Test
    void statusComesBeforeBodyAndHeaders() {
        Difference difference = between(answer(200, "a", "ETag: 1"), answer(500, "b", "ETag: 2"))
                .orElseThrow();

        assertThat(difference.part()).isEqualTo("status");
        assertThat(difference.left().text()).isEqualTo("200");
        assertThat(difference.right().text()).isEqualTo("500");
    }

    @Test
    void bodyComesBeforeHeaders() {
        assertThat(between(answer(200, "a", "ETag: 1"), answer(200, "b", "ETag: 2"))
                        .orElseThrow()
                        .part())
                .isEqualTo("body");
    }

    @Test
    void fieldThatOneRunLacksIsADifference() {
        Difference difference =
                between(answer(200, "a"), answer(200, "a", "ETag: 2")).orElseThrow();

        assertThat(difference.part()).isEqualTo("header etag");
        assertThat(difference.left().text()).isEqualTo("(none)");
    }

    @Test
    void fieldsOfOneNameKeepTheirOrder() {
        assertThat(between(
                        answer(200, "a", "Set-Cookie: a", "Set-Cookie: b"),
                        answer(200, "a", "Set-Cookie: b", "Set-Cookie: a")))
                .isPresent();
    }

    @Test
    void orderOfDifferentFieldsAndCaseOfNamesDoNotMatter() {
        assertThat(between(answer(200, "a", "A: 1", "B: 2"), answer(200, "a", "b: 2", "a: 1")))
                .isEmpty();
    }

    @Test
    void noiseIsNotCompared() {
        assertThat(between(answer(200, "a", "Date: now", "X-Mine: 1"), answer(200, "a", "Date: later", "X-Mine: 2")))
                .isEmpty();
    }

    @Test
    void answersThatAreBothTooLongAreTakenForEqual() {
        assertThat(between(null, null)).isEmpty();
        assertThat(between(null, answer(200, "a"))).isPresent();
    }

    @Test
    void packedBodiesAreComparedUnpacked() throws IOException {
        Answer left = new Answer(200, List.of(), packed("red"));
        Answer right = new Answer(200, List.of(), packed("blue"));

        assertThat(between(left, right).orElseThrow().left().text()).endsWith(": red");
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Optional<Difference> between(@Nullable Answer left, @Nullable Answer right) {
        return new Differ(Set.of("date", "x-mine"))
                .difference(0, ONE, new Answered(left, 1), OTHER, new Answered(right, 2));
    }

    private static Answer answer(int status, String body, String... headers) {
        List<Header> fields = Arrays.stream(headers)
                .map(header ->
                        new Header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2)))
                .toList();
        return new Answer(status, fields, body.getBytes(StandardCharsets.UTF_8));
    }
}
