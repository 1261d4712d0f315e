package io.hermes.proto;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much a read may miss of what was ordered before it began. */
public enum ReadLevel {
    /** Goes through the log like everything else: linearizable. */
    ORDERED,
    /** Executed by one replica that has applied everything that was ordered before the read began: linearizable. */
    BARRIER,
    /** Executed by one replica that has applied at least what this client has seen, as it says itself. */
    SESSION,
    /** Executed by one replica, whatever it has applied. */
    LOCAL;

    /**
     * As configuration and header fields write it.
     *
     * @return in small letters
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a level.
     *
     * @param text as {@link #text} writes it, in any case
     * @return empty if there is no such level
     */
    public static Optional<ReadLevel> of(String text) {
        return Arrays.stream(values())
                .filter(level -> level.text().equalsIgnoreCase(text.strip()))
                .findFirst();
    }

    /**
     * All levels, for people.
     *
     * @return separated by commas
     */
    public static String choices() {
        return String.join(", ", Arrays.stream(values()).map(ReadLevel::text).toList());
    }
}
