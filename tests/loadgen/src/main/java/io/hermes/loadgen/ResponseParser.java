package io.hermes.loadgen;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Finds the end of HTTP/1.x responses in bytes that come in pieces, with a length, in chunks, or ended by closing. Keeps the
 * status and nothing of the body. Owned by the loop's thread.
 */
final class ResponseParser {

    private static final int LINE_BYTES_MAX = 64 * 1024;
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECTION = "connection".getBytes(StandardCharsets.US_ASCII);

    private enum Part {
        STATUS_LINE,
        FIELDS,
        BODY,
        BODY_UNTIL_CLOSED,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        DONE
    }

    private Part part = Part.STATUS_LINE;
    private int status;
    private boolean keepsConnection;
    private boolean chunked;
    private long length;
    private boolean begun;

    // A line, in the caller's bytes if it came in one piece, else in ours.
    private byte[] line = new byte[0];
    private int lineFrom;
    private int lineTo;
    private byte[] kept = new byte[256];
    private int keptLength;

    /** Forgets the last response. */
    void reset() {
        part = Part.STATUS_LINE;
        status = 0;
        begun = false;
        keptLength = 0;
    }

    boolean isDone() {
        return part == Part.DONE;
    }

    int status() {
        return status;
    }

    boolean keepsConnection() {
        return keepsConnection;
    }

    /** Whether any byte of this response has come. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Reads on.
     *
     * @return where the response ended, or {@code to}
     */
    int feed(byte[] bytes, int from, int to) throws MalformedResponseException {
        int at = from;
        begun |= to > from;
        while (at < to && part != Part.DONE) {
            switch (part) {
                case BODY, CHUNK -> at += skip(to - at);
                case BODY_UNTIL_CLOSED -> at = to;
                default -> {
                    at = takeLine(bytes, at, to);
                    if (at < 0) {
                        return to;
                    }
                    onLine();
                }
            }
        }
        return at;
    }

    /** The server closed; tells whether that ended a response. */
    boolean onClosed() {
        if (part == Part.BODY_UNTIL_CLOSED) {
            part = Part.DONE;
        }
        return part == Part.DONE;
    }

    private int skip(int available) {
        int count = (int) Math.min(available, length);
        length -= count;
        if (length == 0) {
            part = part == Part.BODY ? Part.DONE : Part.CHUNK_END;
        }
        return count;
    }

    private int takeLine(byte[] bytes, int from, int to) throws MalformedResponseException {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        if (end == to || keptLength > 0) {
            keep(bytes, from, end);
            if (end == to) {
                return -1;
            }
            line = kept;
            lineFrom = 0;
            lineTo = keptLength;
            keptLength = 0;
        } else {
            line = bytes;
            lineFrom = from;
            lineTo = end;
        }
        if (lineTo > lineFrom && line[lineTo - 1] == '\r') {
            lineTo--;
        }
        return end + 1;
    }

    private void keep(byte[] bytes, int from, int to) throws MalformedResponseException {
        int needed = keptLength + to - from;
        if (needed > LINE_BYTES_MAX) {
            throw new MalformedResponseException("a line of more than " + LINE_BYTES_MAX + " bytes");
        }
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(needed, kept.length * 2));
        }
        System.arraycopy(bytes, from, kept, keptLength, to - from);
        keptLength = needed;
    }

    private void onLine() throws MalformedResponseException {
        switch (part) {
            case STATUS_LINE -> onStatusLine();
            case FIELDS -> onField();
            case CHUNK_SIZE -> onChunkSize();
            case CHUNK_END -> part = Part.CHUNK_SIZE;
            case TRAILERS -> part = lineFrom == lineTo ? Part.DONE : Part.TRAILERS;
            default -> throw new IllegalStateException("no line in " + part);
        }
    }

    private void onStatusLine() throws MalformedResponseException {
        // HTTP/1.x SSS
        boolean http = lineTo - lineFrom >= 12
                && line[lineFrom] == 'H'
                && line[lineFrom + 4] == '/'
                && line[lineFrom + 5] == '1'
                && line[lineFrom + 8] == ' ';
        status = http ? number(lineFrom + 9, lineFrom + 12) : 0;
        if (status < 100) {
            throw new MalformedResponseException("no status line: " + text());
        }
        keepsConnection = line[lineFrom + 7] != '0';
        chunked = false;
        length = -1;
        part = Part.FIELDS;
    }

    private void onField() throws MalformedResponseException {
        if (lineFrom == lineTo) {
            onFieldsEnd();
            return;
        }
        int colon = lineFrom;
        while (colon < lineTo && line[colon] != ':') {
            colon++;
        }
        switch (colon - lineFrom) {
            case 14 -> {
                if (isNamed(CONTENT_LENGTH)) {
                    length = length(colon + 1);
                }
            }
            case 17 -> chunked |= isNamed(TRANSFER_ENCODING) && value(colon).endsWith("chunked");
            case 10 -> {
                if (isNamed(CONNECTION)) {
                    String value = value(colon);
                    keepsConnection = !value.contains("close") && (keepsConnection || value.contains("keep-alive"));
                }
            }
            default -> {
                // Not ours to look at.
            }
        }
    }

    private void onFieldsEnd() {
        if (status < 200) {
            part = Part.STATUS_LINE;
        } else if (status == 204 || status == 304) {
            part = Part.DONE;
        } else if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (length < 0) {
            part = Part.BODY_UNTIL_CLOSED;
            keepsConnection = false;
        } else {
            part = length == 0 ? Part.DONE : Part.BODY;
        }
    }

    private void onChunkSize() throws MalformedResponseException {
        int at = lineFrom;
        long size = 0;
        while (at < lineTo && Character.digit(line[at], 16) >= 0) {
            size = size * 16 + Character.digit(line[at++], 16);
        }
        if (at == lineFrom || at - lineFrom > 15) {
            throw new MalformedResponseException("no chunk size: " + text());
        }
        length = size;
        part = size == 0 ? Part.TRAILERS : Part.CHUNK;
    }

    private long length(int from) throws MalformedResponseException {
        int at = from;
        while (at < lineTo && line[at] == ' ') {
            at++;
        }
        long value = 0;
        int first = at;
        while (at < lineTo && line[at] >= '0' && line[at] <= '9') {
            value = value * 10 + line[at++] - '0';
        }
        if (at == first || at - first > 18) {
            throw new MalformedResponseException("no length: " + text());
        }
        return value;
    }

    private int number(int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return 0;
            }
            value = value * 10 + line[i] - '0';
        }
        return value;
    }

    private boolean isNamed(byte[] lowerCaseName) {
        for (int i = 0; i < lowerCaseName.length; i++) {
            if ((line[lineFrom + i] | 0x20) != lowerCaseName[i] && line[lineFrom + i] != lowerCaseName[i]) {
                return false;
            }
        }
        return true;
    }

    private String value(int colon) {
        return new String(line, colon + 1, lineTo - colon - 1, StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private String text() {
        return new String(line, lineFrom, Math.min(lineTo - lineFrom, 80), StandardCharsets.ISO_8859_1);
    }
}
