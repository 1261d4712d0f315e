package io.hermes.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds complete requests in bytes (RFC 9112). Starts anew at each call, so it has no state: requests are short, and nearly
 * always complete at the first try.
 */
final class RequestParser {

    static final int HEADER_BYTES_MAX = 64 * 1024;
    static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    private final byte[] bytes;
    private final int end;
    private int at;

    /** What a call has found. */
    record Found(HttpRequest request, int end) {}

    private RequestParser(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** The request that begins at a place; null if it is not complete. */
    static @Nullable Found parse(byte[] bytes, int start, int end) throws MalformedException {
        return new RequestParser(bytes, start, end).parse();
    }

    /** Whether the incomplete bytes are a header that waits for leave to send its body (RFC 9110 section 10.1.1). */
    static boolean expectsContinue(byte[] bytes, int start, int end) {
        int headEnd = headEnd(bytes, start, end);
        if (headEnd < 0) {
            return false;
        }
        String head = new String(bytes, start, headEnd - start, StandardCharsets.ISO_8859_1);
        return head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue");
    }

    private @Nullable Found parse() throws MalformedException {
        int headEnd = headEnd(bytes, at, end);
        if (headEnd < 0) {
            if (end - at > HEADER_BYTES_MAX) {
                throw new MalformedException(431, "header over " + HEADER_BYTES_MAX + " bytes");
            }
            return null;
        }
        String requestLine = line(headEnd);
        int first = requestLine.indexOf(' ');
        int second = requestLine.indexOf(' ', first + 1);
        if (first < 1 || second < first + 2 || !requestLine.startsWith("HTTP/1.", second + 1)) {
            throw new MalformedException(400, "request line");
        }
        Map<String, String> headers = headers(headEnd);
        at = headEnd;
        byte[] body = body(headers);
        if (body == null) {
            return null;
        }
        HttpRequest request = new HttpRequest(
                requestLine.substring(0, first),
                requestLine.substring(first + 1, second),
                headers,
                body,
                keepsConnection(requestLine, headers));
        return new Found(request, at);
    }

    private Map<String, String> headers(int headEnd) throws MalformedException {
        Map<String, String> headers = new HashMap<>();
        while (at < headEnd - 2) {
            String line = line(headEnd);
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new MalformedException(400, "header field");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte @Nullable [] body(Map<String, String> headers) throws MalformedException {
        if (headers.containsKey("transfer-encoding")) {
            return chunkedBody();
        }
        String length = headers.get("content-length");
        int count = length == null ? 0 : number(length, 10);
        if (end - at < count) {
            return null;
        }
        byte[] body = java.util.Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return body;
    }

    private byte @Nullable [] chunkedBody() throws MalformedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int lineEnd = lineEnd(at, end);
            if (lineEnd < 0) {
                return null;
            }
            String size = line(end);
            int extension = size.indexOf(';');
            int count = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            if (body.size() + count > BODY_BYTES_MAX) {
                throw new MalformedException(413, "body over " + BODY_BYTES_MAX + " bytes");
            }
            if (count == 0) {
                return pastTrailers() ? body.toByteArray() : null;
            }
            if (end - at < count + 2) {
                return null;
            }
            body.write(bytes, at, count);
            at += count + 2;
        }
    }

    private boolean pastTrailers() {
        while (true) {
            int lineEnd = lineEnd(at, end);
            if (lineEnd < 0) {
                return false;
            }
            boolean empty = lineEnd == at;
            at = lineEnd + 2;
            if (empty) {
                return true;
            }
        }
    }

    private String line(int limit) throws MalformedException {
        int lineEnd = lineEnd(at, limit);
        if (lineEnd < 0) {
            throw new MalformedException(400, "line end");
        }
        String line = new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1);
        at = lineEnd + 2;
        return line;
    }

    private int lineEnd(int from, int limit) {
        for (int i = from; i + 1 < limit; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static int headEnd(byte[] bytes, int from, int end) {
        for (int i = from; i + 3 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static int number(String digits, int radix) throws MalformedException {
        try {
            int number = Integer.parseInt(digits, radix);
            if (number < 0) {
                throw new MalformedException(400, "length");
            }
            if (number > BODY_BYTES_MAX) {
                throw new MalformedException(413, "body over " + BODY_BYTES_MAX + " bytes");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new MalformedException(400, "length '" + digits + "'");
        }
    }

    private static boolean keepsConnection(String requestLine, Map<String, String> headers) {
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        return requestLine.endsWith("1.0") ? connection.contains("keep-alive") : !connection.contains("close");
    }
}
