package io.hermes.applier;

import java.util.Locale;

/** What is known of an app's state after a crash. */
public enum AppKind {
    /** Nothing needs to be: each incarnation begins anew and is given everything. */
    DISPOSABLE,
    /** The app stores the position of the last request with its own state, and tells it. */
    POSITION_AWARE,
    /** Somebody else looks after the app; the applier keeps a journal of its calls. */
    EXTERNAL;

    /**
     * As in the configuration.
     *
     * @return lower case, with dashes
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param text one of the three
     * @return the kind
     * @throws IllegalArgumentException if it is none of them
     */
    public static AppKind of(String text) {
        for (AppKind kind : values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("app.kind is '" + text + "', wanted disposable, position-aware or external");
    }
}
