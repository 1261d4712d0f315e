package io.hermes.launcher;

/** Tells people what went wrong. */
public final class Failures {

    private Failures() {}

    /**
     * One line about a failure: its message if it has one that was written for people, else what it is.
     *
     * @param failure any
     * @return without line ends
     */
    public static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null || message.isBlank() ? failure.toString() : message;
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
