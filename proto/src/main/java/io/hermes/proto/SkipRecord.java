package io.hermes.proto;

/**
 * An operator gives a request up: it is answered with 502 by every replica and every replay, and given to no app.
 *
 * @param position where the request stands, before this record
 * @param reason in the operator's words; part of the answer
 */
public record SkipRecord(long position, String reason) implements LogContent {

    /**
     * Checks the position.
     *
     * @param position checked
     * @param reason not checked
     * @throws IllegalArgumentException if the position is not that of a record
     */
    public SkipRecord {
        if (position < 1) {
            throw new IllegalArgumentException("no record stands at position " + position);
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.skip(this);
    }
}
