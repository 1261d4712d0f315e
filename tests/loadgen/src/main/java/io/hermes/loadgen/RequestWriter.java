package io.hermes.loadgen;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Writes requests as bytes, most of which are made once. Owned by the loop's thread. */
final class RequestWriter {

    private static final int LETTERS = 1 << 20;
    private static final int DIGITS_MAX = 19;

    private final Workload workload;
    private final SplittableRandom random;
    private final byte[] readBegin;
    private final byte[] readEnd;
    private final boolean numbered;
    private final byte[] writeHead;
    private final byte[] letters;
    private final byte[] digits = new byte[DIGITS_MAX];

    private long lines;

    RequestWriter(Workload workload, Target target, SplittableRandom random) {
        this.workload = workload;
        this.random = random;
        this.lines = workload.firstLines();
        StringBuilder fields = new StringBuilder(" HTTP/1.1\r\nHost: ")
                .append(target.host())
                .append(':')
                .append(target.port())
                .append("\r\n");
        workload.headers().forEach(header -> fields.append(header).append("\r\n"));
        String path = workload.readPath();
        int at = path.indexOf(Workload.LINE);
        this.numbered = at >= 0;
        this.readBegin = latin("GET " + (numbered ? path.substring(0, at) : path));
        this.readEnd = latin((numbered ? path.substring(at + Workload.LINE.length()) : "") + fields + "\r\n");
        this.writeHead = latin("POST " + workload.writePath() + fields
                + "Content-Type: application/text\r\nContent-Length: " + workload.bodyBytes() + "\r\n\r\n");
        // Bodies are pieces of one long random text: drawing each letter anew would cost more than sending it.
        this.letters = new byte[LETTERS + workload.bodyBytes()];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('A' + random.nextInt(26));
        }
    }

    /** The longest request. */
    int bytesMax() {
        return Math.max(readBegin.length + DIGITS_MAX + readEnd.length, writeHead.length + workload.bodyBytes());
    }

    /** Writes the next request and tells whether it is a write. */
    boolean next(ByteBuffer out) {
        if (random.nextInt(100) < workload.readPercent()) {
            out.put(readBegin);
            if (numbered) {
                putNumber(out, lines <= 1 ? 1 : 1 + random.nextLong(lines));
            }
            out.put(readEnd);
            return false;
        }
        out.put(writeHead);
        out.put(letters, random.nextInt(LETTERS), workload.bodyBytes());
        return true;
    }

    /** A write was answered: from now on its line may be read. */
    void onWritten() {
        lines++;
    }

    private void putNumber(ByteBuffer out, long number) {
        int at = digits.length;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        out.put(digits, at, digits.length - at);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
