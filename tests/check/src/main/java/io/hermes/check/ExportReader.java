package io.hermes.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hermes.applier.AppCall;
import io.hermes.proto.Header;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what {@code hermes log --export} wrote, or somebody by hand, and makes of it what an applier would give to its app: the first of
 * each id, without what was cancelled before or given up.
 */
final class ExportReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final Set<Long> skipped = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private final List<AppCall> calls = new ArrayList<>();
    private long position;
    private long timeMillis = ExampleRequests.FIRST_MILLIS;
    private int leftOut;

    ExportReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @param max so many requests at most
     * @throws CheckException if it cannot be read, naming the line
     */
    List<AppCall> read(int max) {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    take(line, number);
                }
            }
        } catch (IOException e) {
            throw CheckException.usage("cannot read " + file + ": " + e);
        }
        // A request is given up by a record that comes after it.
        List<AppCall> given = calls.stream()
                .filter(call -> !skipped.contains(call.position()))
                .toList();
        leftOut += calls.size() - given.size();
        if (given.isEmpty()) {
            throw CheckException.usage(file + " holds no request");
        }
        return given.subList(0, Math.min(max, given.size()));
    }

    /** How many requests the app is not given: repeats, cancelled ones and those that were given up. */
    int leftOut() {
        return leftOut;
    }

    private void take(String line, int number) {
        try {
            JsonNode record = MAPPER.readTree(line);
            String kind = record.path("kind").asText("request");
            if (kind.equals("request")) {
                takeRequest(record);
            } else if (kind.equals("skip")) {
                skipped.add(record.path("of").asLong());
            } else if (kind.equals("inquiry") && record.path("cancel").asBoolean()) {
                known.add(name(record, ""));
            }
        } catch (JsonProcessingException e) {
            throw CheckException.usage(file + ", line " + number + " is no JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw CheckException.usage(file + ", line " + number + ": " + e.getMessage());
        }
    }

    private void takeRequest(JsonNode record) {
        int number = calls.size() + 1;
        String unnamed = Calls.id(number).text();
        if (!known.add(name(record, unnamed))) {
            leftOut++;
            return;
        }
        long stands = record.path("position").asLong(position + 1);
        if (stands <= position) {
            throw new IllegalArgumentException("position " + stands + " after " + position);
        }
        position = stands;
        timeMillis = Math.max(timeMillis(record), calls.isEmpty() ? 0 : timeMillis);
        Request request = new Request(
                record.path("method").asText(), record.path("target").asText(), headers(record), body(record));
        RequestId id = RequestId.parse(
                record.path("id").asText(unnamed), record.path("principal").asText(""));
        calls.add(Calls.of(number, position, id, request, timeMillis, seed(record)));
    }

    private long timeMillis(JsonNode record) {
        return record.path("logTimeMillis").asLong(timeMillis);
    }

    private static long seed(JsonNode record) {
        String seed = record.path("seed").asText("");
        return seed.isEmpty() ? 0 : Long.parseUnsignedLong(seed);
    }

    private static String name(JsonNode record, String otherwise) {
        return record.path("principal").asText("") + "\n" + record.path("id").asText(otherwise);
    }

    private static List<Header> headers(JsonNode record) {
        List<Header> headers = new ArrayList<>();
        JsonNode fields = record.path("headers");
        if (fields.isObject()) {
            fields.properties()
                    .forEach(field -> headers.add(
                            new Header(field.getKey(), field.getValue().asText())));
        } else {
            fields.forEach(field ->
                    headers.add(new Header(field.path(0).asText(), field.path(1).asText())));
        }
        if (!Calls.names(headers, "Host")) {
            headers.add(0, Calls.HOST);
        }
        return Calls.recorded(headers);
    }

    private static byte[] body(JsonNode record) {
        JsonNode bytes = record.path("body-base64");
        if (bytes.isTextual()) {
            return Base64.getDecoder().decode(bytes.asText());
        }
        return record.path("body").asText("").getBytes(StandardCharsets.UTF_8);
    }
}
