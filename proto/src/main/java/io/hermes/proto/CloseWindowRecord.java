package io.hermes.proto;

/**
 * Ends the present window, so that replicas can be compared now.
 *
 * @param by who asks for it
 */
public record CloseWindowRecord(String by) implements LogContent {

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.closeWindow(this);
    }
}
