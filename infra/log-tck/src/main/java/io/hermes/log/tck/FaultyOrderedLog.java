package io.hermes.log.tck;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** The log of a {@link FaultyLogBackend}. */
final class FaultyOrderedLog implements OrderedLog {

    private static final byte[] PLACEHOLDER = "free".getBytes(StandardCharsets.UTF_8);

    private final OrderedLog sound;
    private final Fault fault;
    private final FaultTable table;
    // Volatile: any thread closes, any appends.
    private volatile boolean closed;

    FaultyOrderedLog(OrderedLog sound, Fault fault, FaultTable table) {
        this.sound = sound;
        this.fault = fault;
        this.table = table;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(byte[] record) {
        if (fault == Fault.REPEATS && table.strikes.test(record)) {
            return sound.append(record.clone()).thenCompose(first -> sound.append(record));
        }
        if (fault == Fault.ALTERS && record.length > 0 && table.strikes.test(record)) {
            byte[] altered = record.clone();
            altered[0] = 's';
            return sound.append(altered);
        }
        if (fault == Fault.OVERTAKES && FaultTable.isNumbered(record)) {
            return table.strikes.test(record) ? appendBehindAFreePlace(record) : appendIntoAFreePlace(record);
        }
        if (fault == Fault.LIES && record.length > recordBytesMax()) {
            return sound.append(Arrays.copyOf(record, 3)).thenCompose(stored -> sound.append(record));
        }
        if (fault == Fault.SHRINKS && record.length == recordBytesMax()) {
            return CompletableFuture.completedFuture(new AppendOutcome.Rejected("too long"));
        }
        if (fault == Fault.LINGERS && closed) {
            return sound.append(record).thenApply(FaultyOrderedLog::neverRejected);
        }
        return sound.append(record);
    }

    private CompletableFuture<AppendOutcome> appendBehindAFreePlace(byte[] record) {
        return sound.append(PLACEHOLDER.clone()).thenCompose(outcome -> {
            if (outcome instanceof AppendOutcome.Appended appended) {
                table.free.add(appended.position());
            }
            return sound.append(record);
        });
    }

    private CompletableFuture<AppendOutcome> appendIntoAFreePlace(byte[] record) {
        Position free = table.free.poll();
        if (free == null) {
            return sound.append(record);
        }
        table.filled.put(free, record.clone());
        return CompletableFuture.completedFuture(new AppendOutcome.Appended(free));
    }

    private static AppendOutcome neverRejected(AppendOutcome outcome) {
        return outcome instanceof AppendOutcome.Rejected ? new AppendOutcome.Unknown("taken after the end") : outcome;
    }

    @Override
    public LogReader openReader(Position after) {
        boolean second = table.readers.incrementAndGet() % 2 == 0;
        return new FaultyLogReader(sound, fault, table, after, second);
    }

    @Override
    public CompletableFuture<Void> trimBefore(Position first) {
        Position forgotten = fault == Fault.OVERTRIMS ? new Position(first.value() + 1) : first;
        return sound.trimBefore(forgotten).thenAccept(nothing -> table.trimmed.set(forgotten.value()));
    }

    @Override
    public CompletableFuture<Position> tail() {
        if (fault == Fault.STALLS) {
            return CompletableFuture.completedFuture(Position.START);
        }
        return fault == Fault.BOASTS ? sound.tail().thenApply(last -> new Position(last.value() + 1)) : sound.tail();
    }

    @Override
    public int recordBytesMax() {
        return sound.recordBytesMax();
    }

    @Override
    public String identity() {
        return sound.identity();
    }

    @Override
    public void close() {
        closed = true;
        sound.close();
    }
}
