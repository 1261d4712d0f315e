package io.hermes.log.tck;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A reader of a {@link FaultyOrderedLog}. */
final class FaultyLogReader implements LogReader {

    private final OrderedLog log;
    private final Fault fault;
    private final FaultTable table;
    private final Position after;
    private final boolean second;
    private boolean revisits;
    private LogReader sound;

    FaultyLogReader(OrderedLog log, Fault fault, FaultTable table, Position after, boolean second) {
        this.log = log;
        this.fault = fault;
        this.table = table;
        this.after = after;
        this.second = second;
        this.revisits = fault == Fault.REVISITS && !after.equals(Position.START);
        this.sound = log.openReader(revisits ? justBefore(after) : after);
    }

    @Override
    public List<LogRecord> read(int bytesMax, Duration maxWait) {
        try {
            return spoilt(sound.read(bytesMax, maxWait));
        } catch (LogTrimmedException e) {
            if (fault == Fault.SKIPS) {
                reopen(new Position(table.trimmed.get() - 1));
                return List.of();
            }
            if (revisits) {
                revisits = false;
                reopen(after);
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        sound.close();
    }

    private void reopen(Position from) {
        sound.close();
        sound = log.openReader(from);
    }

    private static Position justBefore(Position position) {
        return new Position(position.value() - 1);
    }

    private List<LogRecord> spoilt(List<LogRecord> batch) {
        List<LogRecord> delivered = new ArrayList<>();
        for (LogRecord record : batch) {
            byte[] filled = table.filled.get(record.position());
            if (filled != null) {
                delivered.add(new LogRecord(record.position(), filled.clone()));
            } else if (!isHidden(record)) {
                delivered.add(record);
            }
        }
        if (fault == Fault.REORDERS && second) {
            swapStruck(delivered);
        }
        return delivered;
    }

    private boolean isHidden(LogRecord record) {
        boolean loses = fault == Fault.LOSES
                || (fault == Fault.FORGETS && table.restarted.get())
                || (fault == Fault.DISINHERITS && table.replaced.get());
        boolean free = fault == Fault.OVERTAKES && new String(record.bytes(), StandardCharsets.UTF_8).equals("free");
        return free || (loses && table.strikes.test(record.bytes()));
    }

    private void swapStruck(List<LogRecord> batch) {
        for (int i = 0; i + 1 < batch.size(); i++) {
            if (table.strikes.test(batch.get(i).bytes())) {
                Collections.swap(batch, i, i + 1);
                i++;
            }
        }
    }
}
