package io.hermes.check;

import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes many requests of a few examples: first the examples as they are, then repeats of earlier requests, GETs in between, and
 * variations whose numbers and texts differ a little. The same seed makes the same requests, byte for byte.
 */
final class ExampleRequests {

    /** Long ago, so that an app's own clock is told from the time that it is given: 2020-01-01T00:00:00Z. */
    static final long FIRST_MILLIS = 1_577_836_800_000L;

    private static final long STEP_MILLIS = 137;
    private static final int RECENT = 12;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern JSON_TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"(?=\\s*[,}\\]])");

    private final List<Example> examples;
    private final List<Example> gets;
    private final List<Header> headers;
    private final Random random;

    /**
     * Makes a generator.
     *
     * @param examples at least one
     * @param headers sent with each request
     * @param random chooses
     */
    ExampleRequests(List<Example> examples, List<Header> headers, Random random) {
        this.examples = List.copyOf(examples);
        this.headers = List.copyOf(headers);
        this.random = random;
        List<Example> given = examples.stream().filter(Example::isGet).toList();
        this.gets = given.isEmpty()
                ? examples.stream()
                        .map(example -> new Example("GET", example.target(), ""))
                        .toList()
                : given;
    }

    List<AppCall> make(int count) {
        List<Example> chosen = new ArrayList<>();
        List<AppCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Example next = i < examples.size() ? examples.get(i) : next(i, chosen);
            chosen.add(next);
            calls.add(Calls.of(
                    i + 1, i + 1, Calls.id(i + 1), request(next), FIRST_MILLIS + i * STEP_MILLIS, random.nextLong()));
        }
        return calls;
    }

    private Example next(int number, List<Example> earlier) {
        int dice = random.nextInt(100);
        if (dice < 20) {
            return earlier.get(earlier.size() - 1 - random.nextInt(Math.min(RECENT, earlier.size())));
        }
        Example example = dice < 45 ? any(gets) : any(examples);
        return new Example(example.method(), otherNumbers(example.target()), otherBody(example, number));
    }

    private Example any(List<Example> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String otherNumbers(String text) {
        return NUMBER.matcher(text).replaceAll(match -> random.nextInt(10) < 3 ? match.group() : near(match.group()));
    }

    private String near(String number) {
        int bound = (int) Math.min(Integer.MAX_VALUE, Math.max(10, 3L * Integer.parseInt(number)));
        return Integer.toString(random.nextInt(bound));
    }

    private String otherBody(Example example, int number) {
        String body = example.body();
        if (body.isEmpty()) {
            return body;
        }
        String varied = otherNumbers(body);
        if (!varied.equals(body) || random.nextInt(10) < 2) {
            return varied;
        }
        if (!example.isJson()) {
            return body + "-" + number;
        }
        Matcher last = JSON_TEXT.matcher(body);
        int end = -1;
        while (last.find()) {
            end = last.end() - 1;
        }
        return end < 0 ? body : body.substring(0, end) + "-" + number + body.substring(end);
    }

    private Request request(Example example) {
        List<Header> all = new ArrayList<>();
        if (!Calls.names(headers, "Host")) {
            all.add(Calls.HOST);
        }
        all.add(new Header("User-Agent", "hermes-check"));
        all.add(new Header("Accept", "*/*"));
        if (!example.body().isEmpty() && !Calls.names(headers, "Content-Type")) {
            all.add(new Header("Content-Type", example.contentType()));
        }
        all.addAll(headers);
        all.add(new Header("Via", "1.1 hermes"));
        return new Request(
                example.method(),
                example.target(),
                Calls.recorded(all),
                example.body().getBytes(StandardCharsets.UTF_8));
    }
}
