package io.hermes.applier;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The requests whose answers are kept, in the order in which they were answered. Beyond a bound in bytes the oldest answers are
 * dropped, not the knowledge that there was one.
 *
 * <p>Owned by the loop's thread.
 */
final class KeptAnswers {

    private static final long ANSWER_OVERHEAD_BYTES = 200;
    private static final long HEADER_OVERHEAD_BYTES = 60;

    private final Set<DuplicateTable.Entry> entries = new LinkedHashSet<>();
    private long bytes;

    /** What all of them take. */
    long bytes() {
        return bytes;
    }

    /** Keeps the answer of a request that has one, until it is removed or dropped. */
    void add(DuplicateTable.Entry entry) {
        entries.add(entry);
        bytes += entry.answerBytes();
    }

    /** Keeps it no longer; the request itself may go on holding it. */
    void remove(DuplicateTable.Entry entry) {
        if (entries.remove(entry)) {
            bytes -= entry.answerBytes();
        }
    }

    /** Drops the oldest while all take more than a bound. */
    void dropBeyond(long bytesMax) {
        Iterator<DuplicateTable.Entry> eldest = entries.iterator();
        while (bytes > bytesMax && eldest.hasNext()) {
            DuplicateTable.Entry entry = eldest.next();
            eldest.remove();
            bytes -= entry.answerBytes();
            entry.dropAnswer();
        }
    }

    /** What an answer takes while it is kept. */
    static long bytes(AppAnswer kept) {
        Answer answer = kept.answer();
        if (answer == null) {
            return ANSWER_OVERHEAD_BYTES;
        }
        long bytes = ANSWER_OVERHEAD_BYTES + answer.body().length;
        for (Header header : answer.headers()) {
            bytes += HEADER_OVERHEAD_BYTES
                    + header.name().length()
                    + header.value().length();
        }
        return bytes;
    }
}
