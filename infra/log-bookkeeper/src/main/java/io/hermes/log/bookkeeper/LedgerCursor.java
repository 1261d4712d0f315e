package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.bookkeeper.client.api.LastConfirmedAndEntry;
import org.apache.bookkeeper.client.api.LedgerEntries;
import org.apache.bookkeeper.client.api.LedgerEntry;
import org.apache.bookkeeper.client.api.ReadHandle;

/** Goes through the entries of one ledger, waiting at its end for more. Owned by a reader's thread. */
final class LedgerCursor {

    private static final int POLL_MILLIS = 2_000;
    private static final int ENTRIES_MAX = 64;
    /** More than is read at once. */
    private static final long FIRST_BYTES = 1 << 20;

    private final long ledger;
    private final ReadHandle handle;
    private final boolean closedWhenOpened;
    private long nextEntry;
    /** Nothing is known of the first one, so it is asked for alone; where entries are long, so is each. */
    private long averageBytes = FIRST_BYTES;

    private boolean polls;

    private LedgerCursor(long ledger, ReadHandle handle) {
        this.ledger = ledger;
        this.handle = handle;
        this.closedWhenOpened = handle.isClosed();
    }

    /** At the entry that holds a position, or at the end if that is still to come. */
    static CompletableFuture<LedgerCursor> open(long ledger, CompletableFuture<ReadHandle> opening, long position) {
        return opening.thenCompose(handle -> {
            LedgerCursor opened = new LedgerCursor(ledger, handle);
            return opened.seek(position).handle((found, e) -> {
                if (e != null) {
                    opened.close();
                    throw new CompletionException(e);
                }
                return opened;
            });
        });
    }

    long ledger() {
        return ledger;
    }

    /** Whether it waits, or would at the end, for entries that a closed ledger does not get. */
    boolean waitsForMore() {
        return polls || !handle.isClosed();
    }

    /** Whether every entry of a closed ledger was returned. */
    boolean isAtEnd() {
        return handle.isClosed() && nextEntry > handle.getLastAddConfirmed();
    }

    /** Whether {@link #isAtEnd} is certain: a handle that learns later that its ledger was closed may not know yet where. */
    boolean knowsEnd() {
        return closedWhenOpened;
    }

    /** By halving. */
    private CompletableFuture<Void> seek(long position) {
        return seek(position, 0, handle.getLastAddConfirmed() + 1);
    }

    /** In [low, high): the first entry whose records reach the position. */
    private CompletableFuture<Void> seek(long position, long low, long high) {
        if (low >= high) {
            nextEntry = low;
            return CompletableFuture.completedFuture(null);
        }
        long middle = low + (high - low) / 2;
        return handle.readAsync(middle, middle).thenCompose(entries -> {
            boolean reaches;
            try (LedgerEntries closing = entries) {
                reaches = LogEntry.nextOf(closing.getEntry(middle).getEntryBuffer()) > position;
            }
            return reaches ? seek(position, low, middle) : seek(position, middle + 1, high);
        });
    }

    /**
     * Reads on: what is there, or, at the end, the first entry that comes within some seconds.
     *
     * @param bytesMax about how much
     * @return perhaps empty; the cursor is moved by {@link #onRead} only
     */
    CompletableFuture<List<LogEntry>> read(int bytesMax) {
        long confirmed = handle.getLastAddConfirmed();
        polls = nextEntry > confirmed && !handle.isClosed();
        if (nextEntry > confirmed) {
            return !polls
                    ? CompletableFuture.completedFuture(List.of())
                    : handle.readLastAddConfirmedAndEntryAsync(nextEntry, POLL_MILLIS, false)
                            .thenApply(LedgerCursor::decoded);
        }
        long count = Math.min(ENTRIES_MAX, Math.max(1, bytesMax / averageBytes));
        return handle.readAsync(nextEntry, Math.min(confirmed, nextEntry + count - 1))
                .thenApply(LedgerCursor::decoded);
    }

    /** What {@link #read} returned was taken. */
    void onRead(List<LogEntry> entries) {
        nextEntry += entries.size();
        for (LogEntry entry : entries) {
            long bytes = LogEntry.HEADER_BYTES;
            for (byte[] record : entry.records()) {
                bytes += LogEntry.RECORD_HEADER_BYTES + record.length;
            }
            averageBytes = Math.max(bytes, (averageBytes * 7 + bytes) / 8 + 1);
        }
    }

    void close() {
        var unused = handle.closeAsync();
    }

    private static List<LogEntry> decoded(LedgerEntries entries) {
        try (LedgerEntries closing = entries) {
            List<LogEntry> decoded = new ArrayList<>();
            for (LedgerEntry entry : closing) {
                decoded.add(LogEntry.decode(entry.getEntryBuffer()));
            }
            return decoded;
        }
    }

    private static List<LogEntry> decoded(LastConfirmedAndEntry answer) {
        try (LastConfirmedAndEntry closing = answer) {
            if (!closing.hasEntry()) {
                return List.of();
            }
            ByteBuf bytes = closing.getEntry().getEntryBuffer();
            return List.of(LogEntry.decode(bytes));
        }
    }
}
