package io.hermes.loadgen;

import java.util.Locale;

/** The two things that the experiment compares. */
enum Scenario {
    ALONE("without replication"),
    REPLICATED("replicated");

    private final String words;

    Scenario(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** As in file names and tables. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
