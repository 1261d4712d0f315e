package io.hermes.ingress;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers that are being written and that their clients have not taken yet. Beyond a bound in bytes the client that has taken longest
 * is cut off: whoever asks much and reads nothing must not fill the memory, and whoever reads must not be refused because of it. Any thread.
 */
final class UntakenAnswers {

    /** What an answer costs beside its body. */
    private static final long OVERHEAD_BYTES = 2 << 10;

    /** One answer on its way to its client. */
    static final class Writing {
        private final long bytes;
        private final Runnable cutOff;

        private Writing(long bytes, Runnable cutOff) {
            this.bytes = bytes;
            this.cutOff = cutOff;
        }
    }

    private final long bytesMax;
    // Guarded by this: any thread answers, and Jetty's tell the end. In the order in which they began.
    private final Set<Writing> underWay = new LinkedHashSet<>();
    private long bytes;

    UntakenAnswers(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * An answer begins to be written.
     *
     * @param bodyBytes of the answer
     * @param cutOff closes the client's connection; called at most once, on any thread that begins another answer
     */
    Writing begin(long bodyBytes, Runnable cutOff) {
        Writing writing = new Writing(bodyBytes + OVERHEAD_BYTES, cutOff);
        for (Writing eldest : add(writing)) {
            eldest.cutOff.run();
        }
        return writing;
    }

    /** It is written, or its client is gone. */
    synchronized void end(Writing writing) {
        if (underWay.remove(writing)) {
            bytes -= writing.bytes;
        }
    }

    synchronized boolean isEmpty() {
        return underWay.isEmpty();
    }

    private synchronized List<Writing> add(Writing writing) {
        underWay.add(writing);
        bytes += writing.bytes;
        if (bytes <= bytesMax) {
            return List.of();
        }
        List<Writing> tooMany = new ArrayList<>();
        Iterator<Writing> eldest = underWay.iterator();
        while (bytes > bytesMax && underWay.size() > 1) {
            Writing next = eldest.next();
            eldest.remove();
            bytes -= next.bytes;
            tooMany.add(next);
        }
        return tooMany;
    }
}
