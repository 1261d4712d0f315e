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

/** What the {@link FaultyLogBackend}s of one log remember together. Any thread, since any process may append. */
public final class FaultTable {

    final AtomicInteger readers = new AtomicInteger();
    final AtomicBoolean restarted = new AtomicBoolean();
    final AtomicLong trimmed = new AtomicLong(1);

    /** Places that were kept free before acknowledged records, and what came to stand there later. */
    final Queue<Position> free = new ConcurrentLinkedQueue<>();

    final Map<Position, byte[]> filled = new ConcurrentHashMap<>();

    final Set<ReplyAddress> addresses = ConcurrentHashMap.newKeySet();

    /** The latest value of each key that was ever on the board, and the keys that were taken down. */
    final Map<String, byte[]> published = new ConcurrentHashMap<>();

    final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    /** Remembers nothing yet. */
    public FaultTable() {}

    /** To be called by the fixture when its brokers are restarted. */
    public void onRestart() {
        restarted.set(true);
    }
}
