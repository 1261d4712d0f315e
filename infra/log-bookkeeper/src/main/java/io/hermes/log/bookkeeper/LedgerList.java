package io.hermes.log.bookkeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The log as ZooKeeper holds it: who may write, and which ledgers follow one another. It gains a ledger only after the one
 * before was closed, so a ledger holds all positions from its first up to its successor's first.
 *
 * @param identity of the log, made with it
 * @param epoch counts the sequencers
 * @param sequencer where the present one listens, {@code host:port}; empty if the last one has left in order
 * @param ledgers oldest first
 */
record LedgerList(String identity, long epoch, String sequencer, List<Ledger> ledgers) {

    private static final String FORMAT = "hermes-ledgers 1";

    /**
     * One ledger of the chain.
     *
     * @param id BookKeeper's
     * @param first position that it may hold
     */
    record Ledger(long id, long first) {}

    LedgerList {
        ledgers = List.copyOf(ledgers);
        for (int i = 1; i < ledgers.size(); i++) {
            if (ledgers.get(i).first() < ledgers.get(i - 1).first()) {
                throw new IllegalArgumentException("ledgers out of order: " + ledgers);
            }
        }
    }

    static LedgerList fresh(String identity) {
        return new LedgerList(identity, 0, "", List.of());
    }

    boolean isEmpty() {
        return ledgers.isEmpty();
    }

    Ledger last() {
        return ledgers.get(ledgers.size() - 1);
    }

    /** The index of the ledger that holds a position, if any does; -1 if the position was trimmed, or nothing was written. */
    int indexOf(long position) {
        int index = ledgers.size() - 1;
        while (index >= 0 && ledgers.get(index).first() > position) {
            index--;
        }
        return index;
    }

    /** A new sequencer, beginning with a ledger of its own; one before it that stayed empty is left out. */
    LedgerList withEpoch(String newSequencer, Ledger ledger) {
        return new LedgerList(identity, epoch + 1, newSequencer, appended(ledger));
    }

    /** The same sequencer goes on in another ledger. */
    LedgerList withLedger(Ledger ledger) {
        return new LedgerList(identity, epoch, sequencer, appended(ledger));
    }

    /** The sequencer has left in order. */
    LedgerList withoutSequencer() {
        return new LedgerList(identity, epoch, "", ledgers);
    }

    /** Without the ledgers that hold only positions below one. */
    LedgerList trimmedBefore(long position) {
        int keep = Math.max(0, indexOf(position));
        return new LedgerList(identity, epoch, sequencer, ledgers.subList(keep, ledgers.size()));
    }

    private List<Ledger> appended(Ledger ledger) {
        List<Ledger> next = new ArrayList<>(ledgers);
        if (!isEmpty() && last().first() == ledger.first()) {
            next.remove(next.size() - 1);
        }
        next.add(ledger);
        return next;
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        text.append("log ").append(identity).append('\n');
        text.append("epoch ").append(epoch).append('\n');
        text.append("sequencer ").append(sequencer.isEmpty() ? "-" : sequencer).append('\n');
        for (Ledger ledger : ledgers) {
            text.append("ledger ")
                    .append(ledger.id())
                    .append(' ')
                    .append(ledger.first())
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static LedgerList decode(byte[] bytes) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 4 || !lines.get(0).equals(FORMAT)) {
            throw new IllegalArgumentException(
                    "no ledger list of this version: begins with '" + (lines.isEmpty() ? "" : lines.get(0)) + "'");
        }
        String sequencer = value(lines.get(3), "sequencer ");
        List<Ledger> ledgers = new ArrayList<>();
        for (String line : lines.subList(4, lines.size())) {
            String[] words = value(line, "ledger ").split(" ", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException("no ledger: '" + line + "'");
            }
            ledgers.add(new Ledger(Long.parseLong(words[0], 10), Long.parseLong(words[1], 10)));
        }
        return new LedgerList(
                value(lines.get(1), "log "),
                Long.parseLong(value(lines.get(2), "epoch "), 10),
                sequencer.equals("-") ? "" : sequencer,
                ledgers);
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("wanted '" + name + "…', not '" + line + "'");
        }
        return line.substring(name.length());
    }
}
