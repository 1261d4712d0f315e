package io.hermes.loadgen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the CPU time of groups of processes, and of this one, before and after. */
final class CpuMeter {

    /** This process, which shares the machine with what it measures. */
    static final String GENERATOR = "generator";

    private final List<CpuGroup> groups = new ArrayList<>();

    CpuMeter(List<CpuGroup> others) {
        groups.add(CpuGroup.of(
                GENERATOR, List.of(Long.toString(ProcessHandle.current().pid()))));
        groups.addAll(others);
    }

    Map<String, Map<String, ProcessSample>> read() {
        Map<String, Map<String, ProcessSample>> reading = new LinkedHashMap<>();
        groups.forEach(group -> reading.put(group.name(), group.read()));
        return reading;
    }

    /** What was used between two readings; a process that is new in the second counts from its beginning. */
    static CpuUse between(
            Map<String, Map<String, ProcessSample>> before, Map<String, Map<String, ProcessSample>> after) {
        Map<String, Long> micros = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        after.forEach((group, samples) -> {
            Map<String, ProcessSample> earlier = before.getOrDefault(group, Map.of());
            long ticks = 0;
            for (Map.Entry<String, ProcessSample> entry : samples.entrySet()) {
                ProcessSample last = entry.getValue();
                ProcessSample first = earlier.get(entry.getKey());
                if (first != null && last.isSameProcess(first)) {
                    ticks += last.cpuTicks() - first.cpuTicks();
                } else {
                    ticks += last.cpuTicks();
                    notes.add(group + ": "
                            + (first == null ? "new process " : "process " + first.pid() + " was replaced by ")
                            + last.pid() + " during the run (" + entry.getKey() + ")");
                }
            }
            earlier.forEach((source, sample) -> {
                if (!samples.containsKey(source)) {
                    notes.add(group + ": process " + sample.pid() + " ended during the run, its CPU time is lost ("
                            + source + ")");
                }
            });
            if (!samples.isEmpty() || !earlier.isEmpty()) {
                micros.put(group, ticks * ProcessSample.TICK_MICROS);
            }
        });
        return new CpuUse(micros, notes);
    }
}
