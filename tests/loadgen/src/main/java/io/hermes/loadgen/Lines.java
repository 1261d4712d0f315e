package io.hermes.loadgen;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sees to it that there are lines to read before anything is measured. */
final class Lines {

    /** As many as the original system's sample app wrote before its experiment. */
    static final int POPULATED = 1_000;

    private static final Pattern COUNT = Pattern.compile("\"lines\"\\s*:\\s*(\\d{1,18})");
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final Target target;
    private final Workload workload;
    private final int timeoutMillis;

    Lines(Target target, Workload workload, Duration timeout) {
        this.target = target;
        this.workload = workload;
        this.timeoutMillis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
    }

    /** How many there are; if the server does not tell or has none, so many are written first. */
    long prepare() {
        OptionalLong told = ask();
        if (told.isPresent() && told.getAsLong() > 0) {
            return told.getAsLong();
        }
        byte[] body = "A".repeat(workload.bodyBytes()).getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < POPULATED; i++) {
                int status = exchange("POST", workload.writePath(), body).status();
                if (status >= 400) {
                    throw BenchException.failed("there are no lines to read, and " + target + workload.writePath()
                            + " answers a write with status " + status
                            + ": see --write-path, or give --lines or a --read-path without {n}");
                }
            }
        } catch (IOException e) {
            throw BenchException.failed(
                    "cannot write the lines that are to be read to " + target + " (" + e.getMessage() + ")");
        }
        return POPULATED;
    }

    private OptionalLong ask() {
        try {
            Matcher matcher =
                    COUNT.matcher(exchange("GET", "/digest", new byte[0]).body());
            return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private Answer exchange(String method, String path, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(target + path).toURL().openConnection();
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        connection.setRequestMethod(method);
        for (String header : workload.headers()) {
            int colon = header.indexOf(':');
            connection.setRequestProperty(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        if (method.equals("POST")) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/text");
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (stream == null) {
            return new Answer(status, "");
        }
        try (stream) {
            return new Answer(status, new String(stream.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8));
        }
    }

    private record Answer(int status, String body) {}
}
