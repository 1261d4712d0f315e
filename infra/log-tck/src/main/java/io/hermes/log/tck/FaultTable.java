package io.hermes.log.tck;

import io.hermes.log.Position;
import io.hermes.log.ReplyAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** What the {@link FaultyLogBackend}s of one log remember together. Any thread, since any process may append. */
public final class FaultTable {

    final Predicate<byte[]> strikes;
    final AtomicInteger readers;
    final AtomicBoolean restarted = new AtomicBoolean();
    final AtomicBoolean replaced = new AtomicBoolean();
    final AtomicLong trimmed = new AtomicLong(1);

    /** Places that were kept free before acknowledged records, and what came to stand there later. */
    final Queue<Position> free = new ConcurrentLinkedQueue<>();

    final Map<Position, byte[]> filled = new ConcurrentHashMap<>();

    final Set<ReplyAddress> addresses = ConcurrentHashMap.newKeySet();

    /** The latest value of each key that was ever on the board, and the keys that were taken down. */
    final Map<String, byte[]> published = new ConcurrentHashMap<>();

    final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    /** Faults strike the records that {@link Fault} tells of. */
    public FaultTable() {
        this(FaultTable::isRecordSeven, new AtomicInteger());
    }

    FaultTable(Predicate<byte[]> strikes, AtomicInteger readers) {
        this.strikes = strikes;
        this.readers = readers;
    }

    private static boolean isRecordSeven(byte[] record) {
        return isNumbered(record) && record[record.length - 1] == '7';
    }

    /** Whether it is one of the records that tests append by the hundred. */
    static boolean isNumbered(byte[] record) {
        return record.length > 1 && record.length < 10 && record[0] == 'r';
    }

    /** To be called by the fixture when it replaces the writer. */
    public void onReplaced() {
        replaced.set(true);
    }

    /** To be called by the fixture when its brokers are restarted. */
    public void onRestart() {
        restarted.set(true);
    }
}
