package io.hermes.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a history is linearizable (Herlihy and Wing, 1990) by the search of Wing and Gong with Lowe's memory of what was
 * tried ("Testing for linearizability", 2017): a set of operations and the state that it leads to need only be tried once. Give it
 * one object's history at a time: a history is linearizable if and only if that of each object is.
 *
 * @param <S> the model's state
 * @param <I> what can be asked
 * @param <O> what can be told
 */
public final class Linearizability<S, I, O> {

    /** Steps before giving up; some seconds. */
    public static final long STEPS_MAX = 20_000_000;

    private static final int SHOWN_MAX = 8;

    /** Question or answer of an operation, in a list of all that are not explained yet, by time. */
    private static final class Event {
        private final int operation;
        private final boolean isReturn;
        private @Nullable Event before;
        private @Nullable Event after;
        private @Nullable Event partner;

        Event(int operation, boolean isReturn) {
            this.operation = operation;
            this.isReturn = isReturn;
        }

        void unlink() {
            if (before != null) {
                before.after = after;
            }
            if (after != null) {
                after.before = before;
            }
        }

        void relink() {
            if (before != null) {
                before.after = this;
            }
            if (after != null) {
                after.before = this;
            }
        }
    }

    private record Tried(BitSet explained, Object state) {}

    private record Choice<S>(Event call, S stateBefore) {}

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;

    private Linearizability(Model<S, I, O> model, List<Operation<I, O>> operations) {
        this.model = model;
        this.operations = operations;
    }

    /**
     * Checks one object's history.
     *
     * @param model of the object
     * @param operations in any order
     * @param <S> the model's state
     * @param <I> what can be asked
     * @param <O> what can be told
     * @return what was found
     */
    public static <S, I, O> Verdict check(Model<S, I, O> model, List<Operation<I, O>> operations) {
        return new Linearizability<>(model, List.copyOf(operations)).search(STEPS_MAX);
    }

    private Verdict search(long stepsMax) {
        Event head = new Event(-1, false);
        int unexplained = link(head);
        S state = model.initial();
        BitSet explained = new BitSet(operations.size());
        Set<Tried> tried = new HashSet<>();
        Deque<Choice<S>> choices = new ArrayDeque<>();
        List<Integer> best = List.of();
        S bestState = state;
        Event at = head.after;
        for (long step = 0; unexplained > 0; step++) {
            if (step > stepsMax) {
                return new Verdict(Verdict.Kind.GAVE_UP, "gave up after " + stepsMax + " steps");
            }
            Event next = at;
            if (next != null && !next.isReturn) {
                Operation<I, O> operation = operations.get(next.operation);
                Optional<S> stepped = model.step(state, operation.input(), operation.output());
                if (stepped.isPresent()) {
                    explained.set(next.operation);
                    if (tried.add(new Tried((BitSet) explained.clone(), stepped.get()))) {
                        choices.push(new Choice<>(next, state));
                        state = stepped.get();
                        lift(next);
                        unexplained -= operation.isComplete() ? 1 : 0;
                        if (choices.size() > best.size()) {
                            best = order(choices);
                            bestState = state;
                        }
                        at = head.after;
                        continue;
                    }
                    explained.clear(next.operation);
                }
                at = next.after;
                continue;
            }
            // An answer that no choice so far explains, or nothing left to choose.
            if (choices.isEmpty()) {
                return new Verdict(Verdict.Kind.NOT_LINEARIZABLE, explain(best, bestState));
            }
            Choice<S> last = choices.pop();
            state = last.stateBefore();
            explained.clear(last.call().operation);
            unexplained += operations.get(last.call().operation).isComplete() ? 1 : 0;
            putBack(last.call());
            at = last.call().after;
        }
        return Verdict.GOOD;
    }

    /** Links all events by time; an answer that was not given never comes. */
    private int link(Event head) {
        List<Event> events = new ArrayList<>();
        int complete = 0;
        for (int i = 0; i < operations.size(); i++) {
            Event call = new Event(i, false);
            events.add(call);
            if (operations.get(i).isComplete()) {
                Event answer = new Event(i, true);
                call.partner = answer;
                events.add(answer);
                complete++;
            }
        }
        // At the same instant questions come first: then the two may have overlapped.
        events.sort(Comparator.comparingLong(this::nanos).thenComparing(event -> event.isReturn));
        Event last = head;
        for (Event event : events) {
            last.after = event;
            event.before = last;
            last = event;
        }
        return complete;
    }

    private long nanos(Event event) {
        Operation<I, O> operation = operations.get(event.operation);
        return event.isReturn ? operation.returnedNanos() : operation.invokedNanos();
    }

    private static void lift(Event call) {
        call.unlink();
        if (call.partner != null) {
            call.partner.unlink();
        }
    }

    private static void putBack(Event call) {
        if (call.partner != null) {
            call.partner.relink();
        }
        call.relink();
    }

    private static <S> List<Integer> order(Deque<Choice<S>> choices) {
        List<Integer> order = new ArrayList<>(choices.size());
        choices.descendingIterator().forEachRemaining(choice -> order.add(choice.call().operation));
        return order;
    }

    private String explain(List<Integer> best, S state) {
        StringBuilder text = new StringBuilder("no order explains what the clients were told; at best ");
        text.append(best.size()).append(" of ").append(operations.size()).append(" operations, ending with");
        for (int i = Math.max(0, best.size() - SHOWN_MAX); i < best.size(); i++) {
            text.append("\n  ").append(operations.get(best.get(i)));
        }
        text.append("\nin state ").append(state).append(", where none of these could come next:");
        operations.stream()
                .filter(operation -> operation.isComplete() && !best.contains(operations.indexOf(operation)))
                .sorted(Comparator.comparingLong(Operation::invokedNanos))
                .limit(SHOWN_MAX)
                .forEach(operation -> text.append("\n  ").append(operation));
        return text.toString();
    }
}
