package io.hermes.loadgen;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs one load after another, and tells each result as soon as it is there. */
final class Runs {

    private final CpuMeter cpu;
    private final @Nullable CsvFile table;
    private final Interruption interruption;
    private final Progress progress;
    private final TextReport text = new TextReport(System.out);
    private final SplittableRandom random = new SplittableRandom();

    Runs(CpuMeter cpu, @Nullable CsvFile table, Interruption interruption, Progress progress) {
        this.cpu = cpu;
        this.table = table;
        this.interruption = interruption;
        this.progress = progress;
    }

    boolean isInterrupted() {
        return interruption.isTold();
    }

    /**
     * Runs to the end, or until the process is told to end.
     *
     * @param append whether the raw files go on with what is in them
     */
    RunResult run(String title, LoadConfig config, RunFiles.Paths paths, boolean append) {
        text.begin(title, config);
        RunResult result;
        try (RunFiles files = RunFiles.open(paths, append)) {
            LoadLoop loop = new LoadLoop(config, cpu, files, progress, random.split());
            interruption.onBegin(loop);
            result = loop.run();
            interruption.onEnd();
        }
        text.result(result);
        if (table != null) {
            table.add(result, "");
        }
        return result;
    }
}
