package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CPU time of a process up to now, as {@code /proc} tells it.
 *
 * @param pid of the process
 * @param startTicks when it began; with the pid it tells processes apart, since pids are used again
 * @param cpuTicks user and system time, of threads that have ended too
 */
record ProcessSample(long pid, long startTicks, long cpuTicks) {

    /** Linux shows times in hundredths of a second on every architecture that runs a JDK. */
    static final long TICK_MICROS = 10_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int START = 19;

    static Optional<ProcessSample> read(Path proc, long pid) {
        try {
            return parse(pid, Files.readString(proc.resolve(pid + "/stat")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a stat line; the name in it may contain spaces and parentheses. */
    static Optional<ProcessSample> parse(long pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
        if (fields.length <= START) {
            return Optional.empty();
        }
        return Optional.of(new ProcessSample(
                pid, Long.parseLong(fields[START]), Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])));
    }

    boolean isSameProcess(@Nullable ProcessSample other) {
        return other != null && other.pid == pid && other.startTicks == startTicks;
    }
}
