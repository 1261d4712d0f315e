package io.hermes.loadgen;

import java.util.List;

/**
 * What is asked.
 *
 * @param bodyBytes length of the body of a write
 * @param readPercent share of reads, 0 to 100
 * @param readPath of a read; {@code {n}} in it becomes the number of a line
 * @param writePath of a write
 * @param headers further header fields, {@code Name: value}
 * @param firstLines lines that are there already: reads choose among them and those written since
 */
record Workload(
        int bodyBytes, int readPercent, String readPath, String writePath, List<String> headers, long firstLines) {

    static final String LINE = "{n}";

    private static final int BODY_BYTES_MAX = 16 << 20;

    Workload {
        headers = List.copyOf(headers);
        if (bodyBytes < 0 || bodyBytes > BODY_BYTES_MAX) {
            throw BenchException.usage("--bytes-size " + bodyBytes + " is not between 0 and " + BODY_BYTES_MAX);
        }
        if (readPercent < 0 || readPercent > 100) {
            throw BenchException.usage("--read-rate " + readPercent + " is not a percentage");
        }
        requirePath("--read-path", readPath);
        requirePath("--write-path", writePath);
        for (String header : headers) {
            if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\r\\n]*")) {
                throw BenchException.usage("--header '" + header + "' is not of the form 'Name: value'");
            }
        }
        if (firstLines < 0) {
            throw BenchException.usage("--lines " + firstLines + " is negative");
        }
    }

    Workload withFirstLines(long lines) {
        return new Workload(bodyBytes, readPercent, readPath, writePath, headers, lines);
    }

    Workload withReadPercent(int percent) {
        return new Workload(bodyBytes, percent, readPath, writePath, headers, firstLines);
    }

    /** Whether reads choose among lines, of which some must exist then. */
    boolean readsLines() {
        return readPercent > 0 && readPath.contains(LINE);
    }

    private static void requirePath(String option, String path) {
        if (!path.matches("/[!-~]*")) {
            throw BenchException.usage(option + " '" + path + "' has to begin with / and to have no spaces");
        }
    }
}
