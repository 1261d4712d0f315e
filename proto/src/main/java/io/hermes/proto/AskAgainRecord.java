package io.hermes.proto;

import org.jspecify.annotations.Nullable;

/**
 * Asks another replica for the answer to a request that is known to be in the log. Changes no state.
 *
 * @param identity who waits, for which request
 * @param position where the record of the request stands
 * @param route where the reply goes and who sends it
 * @param fingerprint of the request if its client named it: the name may turn out to belong to another one; else null
 */
public record AskAgainRecord(Identity identity, long position, ReplyRoute route, @Nullable Fingerprint fingerprint)
        implements LogContent {

    /**
     * Checks the position.
     *
     * @param identity not checked again
     * @param position checked
     * @param route not checked again
     * @param fingerprint not checked again
     * @throws IllegalArgumentException if the position is not that of a record
     */
    public AskAgainRecord {
        if (position < 1) {
            throw new IllegalArgumentException("no record stands at position " + position);
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.askAgain(this);
    }
}
