package io.hermes.loadgen;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Errors by kind: those without a status, and the statuses from 400 on. Not for several threads. */
final class ErrorCounts {

    private final Map<ErrorKind, Long> kinds = new EnumMap<>(ErrorKind.class);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long total;

    void add(ErrorKind kind) {
        kinds.merge(kind, 1L, Long::sum);
        total++;
    }

    void add(int status) {
        statuses.merge(status, 1L, Long::sum);
        total++;
    }

    void addAll(ErrorCounts others) {
        others.kinds.forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
        others.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum));
        total += others.total;
    }

    long total() {
        return total;
    }

    /** Counts by kind in words, such as {@code status 503}. */
    Map<String, Long> byKind() {
        Map<String, Long> counts = new LinkedHashMap<>();
        kinds.forEach((kind, count) -> counts.put(kind.words(), count));
        statuses.forEach((status, count) -> counts.put("status " + status, count));
        return counts;
    }

    @Override
    public String toString() {
        return total == 0
                ? "0"
                : byKind().entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", total + " (", ")"));
    }
}
