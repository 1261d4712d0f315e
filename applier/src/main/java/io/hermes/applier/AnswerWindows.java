package io.hermes.applier;

import io.hermes.proto.Comparison;
import io.hermes.proto.Request;
import io.hermes.proto.Settings;
import io.hermes.proto.WindowDigest;
import io.hermes.proto.WindowEntries;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one history: which requests each holds is settled when they are delivered, and their answers are filled in, in
 * log order, as they come. So neither the cut of batches nor the order in which lanes answer makes a difference.
 *
 * <p>Keeps the entries of the last windows, and their answers up to a bound in bytes, for when they are asked for.
 *
 * <p>Owned by the loop's thread.
 */
public final class AnswerWindows {

    /** Closed windows of which entries and answers are kept: under load a verdict comes when further ones are closed already. */
    private static final int CLOSED_KEPT = 16;

    private static final long KEPT_BYTES_MAX = 16L << 20;
    /** What is kept with an answer besides it and the target. */
    private static final long KEPT_BYTES_EACH = 100;

    /**
     * A window all of whose answers came.
     *
     * @param number from 0
     * @param digest over the answers; unknown if one of them is not known
     * @param ordinals requests in it
     * @param after it holds requests after this position
     * @param through it holds requests up to this position
     * @param skipped requests given up so far
     */
    public record Closed(long number, WindowDigest digest, int ordinals, long after, long through, long skipped) {}

    /** One answer, as it was given, and what was asked. */
    record Kept(long position, String method, String target, AppAnswer answer) {

        long bytes() {
            return KEPT_BYTES_EACH + target.length() + KeptAnswers.bytes(answer);
        }
    }

    private static final class Window {
        private final long number;
        private final long after;
        private final int size;
        private final List<String> digestHeaders;
        private final ByteBuffer entries;
        private int admitted;
        private int filled;
        private boolean incomplete;
        private boolean closed;
        private long through;
        private long skipped;

        Window(long number, long after, int size, List<String> digestHeaders) {
            this.number = number;
            this.after = after;
            this.size = size;
            this.digestHeaders = digestHeaders;
            this.entries = ByteBuffer.allocate(size * WindowEntries.BYTES_EACH);
        }

        byte[] entriesSoFar() {
            return Arrays.copyOf(entries.array(), entries.position());
        }
    }

    private final AnswerDigest digest = new AnswerDigest();
    private final Deque<Window> unanswered = new ArrayDeque<>();
    private final Deque<Window> closed = new ArrayDeque<>();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final List<Closed> fresh = new ArrayList<>();
    private @Nullable Window open;
    private long next;
    private long skipped;
    private long keptBytes;
    private long lastThrough;
    // Was asked for, and no answer of that position will come any more.
    private long missing;

    /**
     * Goes on where a checkpoint stands.
     *
     * @param restored the window that is open there; null for the beginning of a log
     */
    public AnswerWindows(Comparison.@Nullable Open restored) {
        if (restored == null) {
            return;
        }
        next = restored.window();
        skipped = restored.skipped();
        lastThrough = restored.after();
        if (restored.size() > 0) {
            Window window = new Window(restored.window(), restored.after(), restored.size(), restored.digestHeaders());
            window.entries.put(restored.entries());
            window.filled = restored.entries().length / WindowEntries.BYTES_EACH;
            window.admitted = window.filled;
            window.incomplete = restored.incomplete();
            next++;
            open = window;
            unanswered.addLast(window);
        }
    }

    /**
     * A request was delivered that every replica executes; its answer is yet to come.
     *
     * @param position of the request, later than any before
     * @param settings in force there
     */
    public void admit(long position, Settings settings) {
        Window window = open;
        if (window == null) {
            if (!settings.windows().exist()) {
                return;
            }
            window = open(settings);
        }
        window.admitted++;
        if (window.admitted == window.size) {
            close(window, position);
        }
    }

    /** Likewise, and this replica will never know the answer. Comes before any request whose answer is yet to come. */
    void admitMissing(long position, Settings settings) {
        admit(position, settings);
        Window window = unanswered.peekFirst();
        if (window != null) {
            window.incomplete = true;
            window.entries.put(new byte[WindowEntries.BYTES_EACH]);
            window.filled++;
            settle(window);
        }
    }

    /** A request was delivered that was given up, so that no replica executes it any more. */
    void onSkipped(Settings settings) {
        if (settings.windows().exist()) {
            skipped++;
        }
    }

    /** There are windows from this position on. */
    void beginAfter(long position) {
        lastThrough = Math.max(lastThrough, position);
    }

    /**
     * The next of the admitted requests was answered.
     *
     * @param call the request
     * @param answer kept for a while, and not changed afterwards
     */
    public void onAnswer(AppCall call, AppAnswer answer) {
        Window window = unanswered.peekFirst();
        // Requests that were delivered while there were no windows.
        if (window == null || call.position() <= window.after) {
            return;
        }
        digest.put(window.entries, window.digestHeaders, call.position(), answer);
        window.filled++;
        Request request = call.record().request();
        keep(new Kept(call.position(), request.method(), request.target(), answer));
        settle(window);
    }

    /** Ends the present window at a position where no request stands. */
    void closeAt(long position, Settings settings) {
        Window window = open;
        if (window == null && settings.windows().exist()) {
            window = open(settings);
        }
        if (window != null) {
            close(window, position);
            settle(window);
        }
    }

    /**
     * Takes the windows that were closed since this was asked last.
     *
     * @return in log order
     */
    public List<Closed> takeFresh() {
        if (fresh.isEmpty()) {
            return List.of();
        }
        List<Closed> taken = List.copyOf(fresh);
        fresh.clear();
        return taken;
    }

    /** What is to be kept of the present window; to be asked for between two batches only. */
    Comparison.Open checkpoint() {
        Window window = open;
        if (window != null) {
            return new Comparison.Open(
                    window.number,
                    window.after,
                    skipped,
                    window.size,
                    window.digestHeaders,
                    window.entriesSoFar(),
                    window.incomplete);
        }
        return new Comparison.Open(next, lastThrough, skipped, 0, List.of(), new byte[0], false);
    }

    /** Of a window that was closed lately; null if they are not there. */
    byte @Nullable [] entries(long number) {
        for (Window window : closed) {
            if (window.number == number && !window.incomplete) {
                return window.entriesSoFar();
            }
        }
        return null;
    }

    /** Null if it is not there. */
    @Nullable
    Kept answer(long position) {
        Kept first = kept.peekFirst();
        Kept last = kept.peekLast();
        // Asked for again and again while the replica works.
        if (first == null
                || last == null
                || position < first.position()
                || position > last.position()
                || position == missing) {
            return null;
        }
        for (Kept one : kept) {
            if (one.position() == position) {
                return one;
            }
        }
        missing = position;
        return null;
    }

    private Window open(Settings settings) {
        Window window = new Window(
                next,
                lastThrough,
                settings.windows().ordinals(),
                settings.windows().digestHeaders());
        next++;
        open = window;
        unanswered.addLast(window);
        return window;
    }

    private void close(Window window, long position) {
        window.closed = true;
        window.through = position;
        window.skipped = skipped;
        lastThrough = position;
        open = null;
    }

    private void settle(Window window) {
        if (!window.closed || window.filled < window.admitted || unanswered.peekFirst() != window) {
            return;
        }
        unanswered.removeFirst();
        byte[] entries = window.entriesSoFar();
        fresh.add(new Closed(
                window.number,
                window.incomplete ? WindowDigest.UNKNOWN : WindowDigest.of(digest.of(entries)),
                window.filled,
                window.after,
                window.through,
                window.skipped));
        closed.addLast(window);
        if (closed.size() > CLOSED_KEPT) {
            closed.removeFirst();
            forgetThrough(closed.getFirst().after);
        }
        Window following = unanswered.peekFirst();
        if (following != null) {
            settle(following);
        }
    }

    private void keep(Kept one) {
        kept.addLast(one);
        keptBytes += one.bytes();
        while (keptBytes > KEPT_BYTES_MAX) {
            keptBytes -= kept.removeFirst().bytes();
        }
    }

    private void forgetThrough(long position) {
        for (Iterator<Kept> oldest = kept.iterator(); oldest.hasNext(); ) {
            Kept one = oldest.next();
            if (one.position() > position) {
                return;
            }
            keptBytes -= one.bytes();
            oldest.remove();
        }
    }
}
