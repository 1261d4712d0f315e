package io.hermes.loadgen;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The line that started this, to be kept with its results. */
final class CommandLines {

    private CommandLines() {}

    static List<String> of(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of("./hermes", "bench"));
        if (spec.root().commandLine().getParseResult() != null) {
            words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        }
        return words;
    }
}
