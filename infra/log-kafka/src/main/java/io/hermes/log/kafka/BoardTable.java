package io.hermes.log.kafka;

import io.hermes.log.Bulletin.Watcher;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one watcher knows of the board. What was there before it began is gathered first, since the topic may still hold
 * values that were withdrawn later. Owned by the watch's thread.
 */
final class BoardTable implements KafkaTailLoop.Sink {

    /** Keys beyond it are not told. */
    static final int KEYS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(BoardTable.class);

    private final Watcher watcher;
    private final LongSupplier endOffset;
    private final Set<String> known = new HashSet<>();
    private final Map<String, byte[]> gathered = new LinkedHashMap<>();
    private long gatherUntil = -1;
    private boolean live;
    private boolean full;

    BoardTable(Watcher watcher, LongSupplier endOffset) {
        this.watcher = watcher;
        this.endOffset = endOffset;
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            onTombstone(key);
        } else if (!hasRoomFor(key)) {
            onFull();
        } else if (live) {
            known.add(key);
            watcher.onValue(key, record.value());
        } else {
            known.add(key);
            gathered.put(key, record.value());
        }
    }

    @Override
    public void onReached(long offset) {
        if (live) {
            return;
        }
        if (gatherUntil < 0) {
            gatherUntil = endOffset.getAsLong();
        }
        if (offset >= gatherUntil) {
            live = true;
            gathered.forEach(watcher::onValue);
            gathered.clear();
        }
    }

    private void onTombstone(String key) {
        boolean wasKnown = known.remove(key);
        if (!live) {
            gathered.remove(key);
        } else if (wasKnown) {
            watcher.onWithdrawn(key);
        }
    }

    private boolean hasRoomFor(String key) {
        return known.size() < KEYS_MAX || known.contains(key);
    }

    private void onFull() {
        if (!full) {
            full = true;
            LOG.warn("the board has more than {} keys; further ones are not told", KEYS_MAX);
        }
    }
}
