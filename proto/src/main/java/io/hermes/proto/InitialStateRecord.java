package io.hermes.proto;

/**
 * Says what apps begin with, if that is not nothing. Counts only if no request stands before it.
 *
 * @param digest of the files that each copy begins with; not empty
 */
public record InitialStateRecord(String digest) implements LogContent {

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.initialState(this);
    }
}
