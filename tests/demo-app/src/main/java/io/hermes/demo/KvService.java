package io.hermes.demo;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A key-value store with counters, in memory. */
final class KvService implements Service {

    private static final String KV = "/kv/";
    private static final String COUNTER = "/counter/";
    private static final String TEXT = "Content-Type: text/plain\r\n";

    private final Map<String, byte[]> values = new TreeMap<>();
    private final Map<String, BigInteger> counters = new TreeMap<>();

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
                    String.format("{\"entries\":%d,\"digest\":\"%08x\"}", values.size() + counters.size(), digest()));
        }
        return HttpAnswer.of(404, TEXT, "here are /kv/KEY, /counter/NAME and /digest\n");
    }

    @Override
    public void settle() {
        // Nothing is on disk.
    }

    @Override
    public void close() {
        values.clear();
        counters.clear();
    }

    private HttpAnswer onValue(HttpRequest request, String key) {
        if (key.endsWith("/append") && request.is("POST")) {
            return append(key.substring(0, key.length() - "/append".length()), request.body());
        }
        byte[] value = values.get(key);
        switch (request.method()) {
            case "PUT" -> {
                values.put(key, request.body());
                return HttpAnswer.of(value == null ? 201 : 204, "", "");
            }
            case "DELETE" -> {
                values.remove(key);
                return HttpAnswer.of(value == null ? 404 : 204, "", "");
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
        byte[] before = values.getOrDefault(key, new byte[0]);
        byte[] after = java.util.Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, after, before.length, more.length);
        values.put(key, after);
        return HttpAnswer.of(200, TEXT, Integer.toString(after.length));
    }

    private HttpAnswer onCounter(HttpRequest request, String rest) {
        int slash = rest.lastIndexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        String verb = slash < 0 ? "" : rest.substring(slash + 1);
        BigInteger before = counters.getOrDefault(name, BigInteger.ZERO);
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
        BigInteger after = before.add(added);
        counters.put(name, after);
        return HttpAnswer.of(200, TEXT, after.toString());
    }

    private long digest() {
        CRC32C crc = new CRC32C();
        values.forEach((key, value) -> {
            crc.update((key + "=" + value.length + ":").getBytes(StandardCharsets.UTF_8));
            crc.update(value);
        });
        counters.forEach((name, value) -> crc.update((name + "#" + value + ";").getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }
}
