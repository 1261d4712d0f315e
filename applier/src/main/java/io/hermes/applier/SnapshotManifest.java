package io.hermes.applier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a snapshot consists of: lines of a word and a value each, the last of which is the digest of all before.
 *
 * @param logIdentity of the log that the position belongs to
 * @param position state after this position
 * @param logTimeMillis log time there
 * @param replica that took it
 * @param via how the app's state was got
 * @param appVersion of the service, for people; empty if nobody said
 * @param checkpoint what the replica knows besides the app's state
 * @param app the app's state
 */
record SnapshotManifest(
        String logIdentity,
        long position,
        long logTimeMillis,
        String replica,
        String via,
        String appVersion,
        Part checkpoint,
        Part app) {

    private static final String FORMAT = "1";

    /**
     * One file.
     *
     * @param bytes its size
     * @param sha256 its digest, hexadecimal
     */
    record Part(long bytes, String sha256) {}

    /** Of all parts. */
    long bytes() {
        return checkpoint.bytes() + app.bytes();
    }

    /** What tells it from every other. */
    String sha256() {
        return Digests.ofBytes(encode());
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder();
        line(text, "format", FORMAT);
        line(text, "log", logIdentity);
        line(text, "position", Long.toString(position));
        line(text, "log-time-millis", Long.toString(logTimeMillis));
        line(text, "replica", replica);
        line(text, "via", via);
        line(text, "app-version", appVersion);
        line(text, "checkpoint-bytes", Long.toString(checkpoint.bytes()));
        line(text, "checkpoint-sha256", checkpoint.sha256());
        line(text, "app-bytes", Long.toString(app.bytes()));
        line(text, "app-sha256", app.sha256());
        line(text, "sha256", Digests.ofBytes(text.toString().getBytes(StandardCharsets.UTF_8)));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IOException if these are other bytes, or of a later format
     */
    static SnapshotManifest decode(byte[] bytes) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                lines.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        if (!FORMAT.equals(lines.get("format"))) {
            throw new IOException("a manifest of format '" + lines.get("format") + "', wanted " + FORMAT);
        }
        try {
            SnapshotManifest manifest = new SnapshotManifest(
                    lines.getOrDefault("log", ""),
                    Long.parseLong(lines.getOrDefault("position", "")),
                    Long.parseLong(lines.getOrDefault("log-time-millis", "")),
                    lines.getOrDefault("replica", ""),
                    lines.getOrDefault("via", ""),
                    lines.getOrDefault("app-version", ""),
                    part(lines, "checkpoint"),
                    part(lines, "app"));
            if (!Arrays.equals(manifest.encode(), bytes)) {
                throw new IOException("a damaged manifest");
            }
            return manifest;
        } catch (IllegalArgumentException e) {
            throw new IOException("a damaged manifest: " + e.getMessage(), e);
        }
    }

    private static Part part(Map<String, String> lines, String name) {
        return new Part(
                Long.parseLong(lines.getOrDefault(name + "-bytes", "")), lines.getOrDefault(name + "-sha256", ""));
    }

    private static void line(StringBuilder text, String word, String value) {
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(word + " has a line break");
        }
        text.append(word).append(' ').append(value).append('\n');
    }
}
