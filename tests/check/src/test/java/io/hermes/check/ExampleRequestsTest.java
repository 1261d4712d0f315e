package io.hermes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExampleRequestsTest {

    private static final Example INSERT = Example.parse("POST /insert hello world");
    private static final Example LINE = Example.parse("get /line/1");
    private static final Example ORDER = Example.parse("PUT /orders/7 {\"item\": \"book\", \"count\": 2}");

    @Test
    void exampleIsMethodPathAndTheRestAsBody() {
        assertThat(INSERT).isEqualTo(new Example("POST", "/insert", "hello world"));
        assertThat(LINE).isEqualTo(new Example("GET", "/line/1", ""));
        assertThatThrownBy(() -> Example.parse("POST insert")).hasMessageContaining("'POST insert'");
        assertThatThrownBy(() -> Example.parse("POST")).hasMessageContaining("POST /insert hello");
    }

    @Test
    void contentTypeFitsTheBody() {
        assertThat(ORDER.contentType()).isEqualTo("application/json");
        assertThat(INSERT.contentType()).isEqualTo("text/plain");
        assertThat(Example.parse("POST /form a=1&b=2").contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(LINE.contentType()).isEmpty();
    }

    @Test
    void sameSeedMakesTheSameRequests() {
        assertThat(lines(make(3))).isEqualTo(lines(make(3))).isNotEqualTo(lines(make(4)));
    }

    @Test
    void examplesComeFirstAsTheyAre() {
        assertThat(lines(make(1)).subList(0, 3))
                .containsExactly(
                        "POST /insert hello world", "GET /line/1 ", "PUT /orders/7 {\"item\": \"book\", \"count\": 2}");
    }

    @Test
    void requestsVaryRepeatAndRead() {
        List<String> lines = lines(make(1));
        Set<String> different = Set.copyOf(lines);

        assertThat(different).hasSizeBetween(60, 190);
        assertThat(lines).filteredOn(line -> line.startsWith("GET")).hasSizeGreaterThan(40);
        assertThat(lines).filteredOn(line -> line.startsWith("PUT")).anyMatch(line -> !line.contains("/orders/7 "));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("POST"))
                .anyMatch(line -> line.matches(".*hello world-[0-9]+"));
    }

    @Test
    void pathsAreReadEvenIfNoExampleDoes() {
        List<AppCall> calls = new ExampleRequests(List.of(INSERT), List.of(), new Random(1)).make(100);

        assertThat(lines(calls)).contains("GET /insert ");
    }

    @Test
    void everyCallCarriesWhatAnApplierTells() {
        List<AppCall> calls = make(1);

        assertThat(calls).extracting(AppCall::position).doesNotHaveDuplicates().isSorted();
        assertThat(calls).extracting(AppCall::timeMillis).isSorted().first().isEqualTo(ExampleRequests.FIRST_MILLIS);
        assertThat(calls.stream().map(call -> call.record().seed()).collect(Collectors.toSet()))
                .hasSize(200);
        assertThat(calls.get(0).record().request().headers())
                .contains(new Header("Host", "service.example"), new Header("X-Mine", "1"))
                .noneMatch(header -> header.isNamed("Content-Length"));
    }

    private static List<AppCall> make(long seed) {
        return new ExampleRequests(
                        List.of(INSERT, LINE, ORDER),
                        List.of(new Header("X-Mine", "1"), new Header("Content-Length", "3")),
                        new Random(seed))
                .make(200);
    }

    private static List<String> lines(List<AppCall> calls) {
        return calls.stream()
                .map(call -> {
                    Request request = call.record().request();
                    return request.method() + " " + request.target() + " "
                            + new String(request.body(), StandardCharsets.UTF_8);
                })
                .toList();
    }
}
