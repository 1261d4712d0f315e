package io.hermes.loadgen;

import java.nio.file.Path;

/**
 * One point of the experiment.
 *
 * @param scenario what is asked
 * @param readPercent share of reads
 * @param clients how many
 */
record GridPoint(Scenario scenario, int readPercent, int clients) {

    String title() {
        return scenario.id() + ", " + readPercent + " % reads, " + clients + " clients";
    }

    /** Folder of the raw files of a scenario at a read rate. */
    String folder() {
        return scenario.id() + "-" + readPercent;
    }

    /** As the original named them: all threads, then how many generators they belong to. */
    String fileName() {
        return clients + "-1";
    }

    RunFiles.Paths paths(Path directory, boolean withLatencies) {
        Path folder = directory.resolve(folder());
        return new RunFiles.Paths(
                withLatencies ? folder.resolve("latency/" + fileName() + ".log") : null,
                folder.resolve("throughput/" + fileName() + ".log"),
                folder.resolve("histogram/" + fileName() + ".hlog"));
    }
}
