package io.hermes.demo;

import io.hermes.demo.KvChange.Operation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A key-value store with counters, in memory and, if there is a journal, in a file. */
final class KvService implements Service {

    private static final String KV = "/kv/";
    private static final String COUNTER = "/counter/";
    private static final String TEXT = "Content-Type: text/plain\r\n";

    private final KvState state = new KvState();
    private final AppliedPosition applied;
    private final @Nullable KvJournal journal;

    /** In memory. */
    KvService(AppliedPosition applied) {
        this.applied = applied;
        this.journal = null;
    }

    /** In a file. What it holds is there again, and its position is raised to that of the file. */
    KvService(AppliedPosition applied, Path file) throws IOException {
        this.applied = applied;
        this.journal = KvJournal.open(file, state, applied);
    }

    @Override
    public HttpAnswer execute(HttpRequest request) {
        String path = request.path();
        if (path.startsWith(KV)) {
            return onValue(request, path.substring(KV.length()));
        }
        if (path.startsWith(COUNTER)) {
            return onCounter(request, path.substring(COUNTER.length()));
        }
        if (request.is("GET") && path.equals("/digest")) {
            return HttpAnswer.of(
                    200,
                    "Content-Type: application/json\r\n",
                    String.format("{\"entries\":%d,\"digest\":\"%08x\"}", state.entries(), state.digest()));
        }
        return HttpAnswer.of(404, TEXT, "here are /kv/KEY, /counter/NAME and /digest\n");
    }

    @Override
    public void settle() throws IOException {
        if (journal != null) {
            journal.settle();
        }
    }

    @Override
    public void close() throws IOException {
        if (journal != null) {
            journal.close();
        }
    }

    private void change(Operation operation, String key, byte[] value) {
        KvChange change = new KvChange(applied.highest(), operation, key, value);
        state.apply(change);
        if (journal != null) {
            journal.add(change);
        }
    }

    private HttpAnswer onValue(HttpRequest request, String key) {
        if (key.endsWith("/append") && request.is("POST")) {
            return append(key.substring(0, key.length() - "/append".length()), request.body());
        }
        byte[] value = state.value(key);
        switch (request.method()) {
            case "PUT" -> {
                change(Operation.PUT, key, request.body());
                return HttpAnswer.of(value == null ? 201 : 204, "", "");
            }
            case "DELETE" -> {
                if (value == null) {
                    return HttpAnswer.of(404, "", "");
                }
                change(Operation.DELETE, key, new byte[0]);
                return HttpAnswer.of(204, "", "");
            }
            case "GET", "HEAD" -> {
                return get(request, value);
            }
            default -> {
                return HttpAnswer.of(405, "Allow: GET, HEAD, PUT, DELETE\r\n", "");
            }
        }
    }

    private static HttpAnswer get(HttpRequest request, byte @Nullable [] value) {
        if (value == null) {
            return HttpAnswer.of(404, TEXT, "no such key\n");
        }
        CRC32C crc = new CRC32C();
        crc.update(value);
        String tag = String.format("\"%08x-%d\"", crc.getValue(), value.length);
        String field = "ETag: " + tag + "\r\n";
        return tag.equals(request.header("If-None-Match"))
                ? new HttpAnswer(304, field, new byte[0])
                : new HttpAnswer(200, field + "Content-Type: application/octet-stream\r\n", value);
    }

    private HttpAnswer append(String key, byte[] more) {
        byte[] before = state.value(key);
        change(Operation.APPEND, key, more);
        return HttpAnswer.of(200, TEXT, Integer.toString((before == null ? 0 : before.length) + more.length));
    }

    private HttpAnswer onCounter(HttpRequest request, String rest) {
        int slash = rest.lastIndexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        String verb = slash < 0 ? "" : rest.substring(slash + 1);
        BigInteger before = state.counter(name);
        if (verb.isEmpty() && request.is("GET")) {
            return HttpAnswer.of(200, TEXT, before.toString());
        }
        if (!request.is("POST")) {
            return HttpAnswer.of(405, "Allow: GET, HEAD, POST\r\n", "");
        }
        BigInteger added;
        try {
            added = switch (verb) {
                case "increment" -> BigInteger.ONE;
                case "add" -> new BigInteger(new String(request.body(), StandardCharsets.US_ASCII).strip());
                default -> throw new NumberFormatException("verb");
            };
        } catch (NumberFormatException e) {
            return HttpAnswer.of(400, TEXT, "POST /counter/NAME/increment, or /add with a whole number as body\n");
        }
        change(Operation.ADD, name, added.toByteArray());
        return HttpAnswer.of(200, TEXT, state.counter(name).toString());
    }
}
