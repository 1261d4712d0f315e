package io.hermes.applier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a backup consists of, and of which moment it is: lines of a word and a value each, the last of which is the digest of all
 * before.
 *
 * @param logIdentity of the log that positions belong to
 * @param position of the snapshot
 * @param through with the requests after it, the backup holds what was acknowledged up to this position
 * @param takenMillis when that was, milliseconds since 1970, by the clock of who took it; for people
 * @param replica that gave the snapshot
 * @param via how the app's state was got
 * @param appVersion of the service, for people; empty if nobody said
 * @param snapshotSha256 of the snapshot's own manifest
 * @param requests how many follow the snapshot
 * @param requestsSha256 of the file that holds them
 */
public record BackupManifest(
        String logIdentity,
        long position,
        long through,
        long takenMillis,
        String replica,
        String via,
        String appVersion,
        String snapshotSha256,
        long requests,
        String requestsSha256) {

    private static final String FORMAT = "1";

    /**
     * The digest of a file.
     *
     * @param file read to its end
     * @return SHA-256 in hexadecimal
     * @throws IOException if it cannot be read
     */
    public static String digest(Path file) throws IOException {
        return Digests.ofFile(file);
    }

    /**
     * As text.
     *
     * @return for {@link #decode}
     */
    public byte[] encode() {
        StringBuilder text = new StringBuilder();
        line(text, "hermes-backup", FORMAT);
        line(text, "log", logIdentity);
        line(text, "position", Long.toString(position));
        line(text, "through", Long.toString(through));
        line(text, "taken-millis", Long.toString(takenMillis));
        line(text, "replica", replica);
        line(text, "via", via);
        line(text, "app-version", appVersion);
        line(text, "snapshot-sha256", snapshotSha256);
        line(text, "requests", Long.toString(requests));
        line(text, "requests-sha256", requestsSha256);
        line(text, "sha256", Digests.ofBytes(text.toString().getBytes(StandardCharsets.UTF_8)));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param bytes all of it
     * @return the manifest
     * @throws IOException if these are other bytes, or of a later format
     */
    public static BackupManifest decode(byte[] bytes) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                lines.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        if (!FORMAT.equals(lines.get("hermes-backup"))) {
            throw new IOException(
                    "a backup of format '" + lines.getOrDefault("hermes-backup", "") + "', wanted " + FORMAT);
        }
        try {
            BackupManifest manifest = new BackupManifest(
                    text(lines, "log"),
                    Long.parseLong(text(lines, "position")),
                    Long.parseLong(text(lines, "through")),
                    Long.parseLong(text(lines, "taken-millis")),
                    text(lines, "replica"),
                    text(lines, "via"),
                    text(lines, "app-version"),
                    text(lines, "snapshot-sha256"),
                    Long.parseLong(text(lines, "requests")),
                    text(lines, "requests-sha256"));
            if (!Arrays.equals(manifest.encode(), bytes)) {
                throw new IOException("a damaged manifest");
            }
            return manifest;
        } catch (NumberFormatException e) {
            throw new IOException("a damaged manifest: " + e.getMessage(), e);
        }
    }

    private static String text(Map<String, String> lines, String word) {
        return lines.getOrDefault(word, "");
    }

    private static void line(StringBuilder text, String word, String value) {
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(word + " has a line break");
        }
        text.append(word).append(' ').append(value).append('\n');
    }
}
