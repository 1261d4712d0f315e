package io.hermes.check;

/**
 * Two runs answered one request differently.
 *
 * @param index of the request, from 0
 * @param part of the answer: {@code status}, {@code body} or {@code header NAME}
 * @param left of the earlier run
 * @param right of the later run
 */
record Difference(int index, String part, Side left, Side right) {

    static final String STATUS = "status";
    static final String BODY = "body";

    /**
     * What one run said.
     *
     * @param run that said it
     * @param text of the part; a header field that is missing is a text of its own
     * @param atMillis when the answer was there
     */
    record Side(RunFacts run, String text, long atMillis) {}

    boolean isStatus() {
        return part.equals(STATUS);
    }
}
