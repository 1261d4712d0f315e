package io.hermes.loadgen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time that was used.
 *
 * @param micros by group of processes
 * @param notes on processes that came or went
 */
record CpuUse(Map<String, Long> micros, List<String> notes) {

    static final CpuUse NONE = new CpuUse(Map.of(), List.of());

    CpuUse {
        micros = Collections.unmodifiableMap(new LinkedHashMap<>(micros));
        notes = List.copyOf(notes);
    }

    CpuUse plus(CpuUse other) {
        Map<String, Long> sums = new LinkedHashMap<>(micros);
        other.micros.forEach((group, used) -> sums.merge(group, used, Long::sum));
        List<String> all = new ArrayList<>(notes);
        all.addAll(other.notes);
        return new CpuUse(sums, all);
    }

    /** Microseconds per request by group; empty if there was no request. */
    Map<String, Double> perRequest(long requests) {
        Map<String, Double> shares = new LinkedHashMap<>();
        if (requests > 0) {
            micros.forEach((group, used) -> shares.put(group, (double) used / requests));
        }
        return shares;
    }
}
