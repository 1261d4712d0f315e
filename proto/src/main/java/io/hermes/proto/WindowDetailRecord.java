package io.hermes.proto;

import org.jspecify.annotations.Nullable;

/**
 * What lies behind a digest that another one contradicts: the entries of the window, or one answer in it. Decides nothing.
 *
 * @param replica its name
 * @param window its number
 * @param entries as {@link WindowEntries} reads them; empty if this is about one answer
 * @param told one answer; null if this is about the entries
 */
@SuppressWarnings("ArrayRecordComponent") // Copied by nobody, so its owner must not change it.
public record WindowDetailRecord(String replica, long window, byte[] entries, @Nullable Told told)
        implements LogContent {

    /**
     * One answer.
     *
     * @param position of the request
     * @param method of the request
     * @param target of the request
     * @param answer what the app answered; null if it was too long to be kept
     * @param bodyBytes length of its body, of which the answer holds no more than a part
     */
    public record Told(long position, String method, String target, @Nullable Answer answer, long bodyBytes) {}

    /**
     * Checks the entries.
     *
     * @param replica kept
     * @param window kept
     * @param entries kept, not changed afterwards
     * @param told kept
     * @throws IllegalArgumentException if they are no whole number of entries
     */
    public WindowDetailRecord {
        if (window < 0 || entries.length % WindowEntries.BYTES_EACH != 0) {
            throw new IllegalArgumentException("window " + window + " with " + entries.length + " bytes of entries");
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.windowDetail(this);
    }
}
