package io.hermes.applier;

import io.hermes.proto.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that all have a conflict value, on their way through the lanes. Answers come in any order and are held until those of all earlier
 * calls were told.
 *
 * <p>Invariant: no lane has work of a round when its {@link #run} has returned or thrown.
 *
 * <p>Owned by the thread that runs it; lanes only put events into its queue.
 */
final class LaneRound {

    /** Calls so far behind the earliest one without an answer wait: they would all be in doubt with it. */
    static final int AHEAD_MAX = 256;

    /** With more than this held, only the earliest call without an answer is still given out. */
    private static final long HELD_BYTES_MAX = 16L << 20;

    /** After a failure others get so much time for what they have sent: what is answered is not in doubt. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Once answers pause, their replies need not wait for the next answer. */
    private static final long PAUSE_MILLIS = 2;

    private final List<AppCall> calls;
    private final List<Lane> lanes;
    private final App.Answers answers;
    private final LongSupplier nanoClock;
    private final LaneSchedule schedule;
    // Lanes put in what their owner then does; as long as what is under way.
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();

    // Written by whoever sees the first failure, read by lanes: nothing must be sent after it.
    private volatile boolean over;

    // All below is owned by the thread that runs the round.
    private final Map<Integer, AppAnswer> held = new HashMap<>();
    private final List<AppInDoubtException> doubts = new ArrayList<>();
    private long heldBytes;
    private int told;
    private int windows;
    private @Nullable AppGoneException gone;
    private @Nullable Throwable broken;

    LaneRound(List<AppCall> calls, List<Lane> lanes, int depth, App.Answers answers, LongSupplier nanoClock) {
        this.calls = calls;
        this.lanes = lanes;
        this.answers = answers;
        this.nanoClock = nanoClock;
        List<String> conflicts = calls.stream()
                .map(call -> Objects.requireNonNull(call.conflict()))
                .toList();
        this.schedule = new LaneSchedule(conflicts, lanes.size(), depth);
    }

    void run() throws AppInDoubtException, AppGoneException {
        try {
            while ((told < calls.size() || windows > 0) && !over) {
                give();
                takeEvents();
                tell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            gone = new AppGoneException("interrupted");
        } finally {
            settle();
        }
        if (over || gone != null) {
            tell();
            throwFailure();
        }
    }

    /** Gives out all that may be under way now, to each lane what it gets in one piece. */
    private void give() {
        int end = heldBytes > HELD_BYTES_MAX ? told + 1 : told + AHEAD_MAX;
        Map<Integer, List<Integer>> pieces = new HashMap<>();
        for (LaneSchedule.Step step = schedule.next(end); step != null; step = schedule.next(end)) {
            pieces.computeIfAbsent(step.lane(), any -> new ArrayList<>()).add(step.index());
        }
        pieces.forEach((lane, indexes) -> {
            windows++;
            lanes.get(lane).give(client -> callOnLane(client, indexes));
        });
    }

    private void takeEvents() throws InterruptedException {
        Runnable event = events.poll();
        if (event == null && told < calls.size()) {
            answers.onPause();
            event = events.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            if (event == null) {
                answers.onPause();
            }
        }
        if (event == null) {
            event = events.take();
        }
        for (; event != null; event = events.poll()) {
            event.run();
        }
    }

    private void tell() {
        for (AppAnswer next = held.remove(told); next != null; next = held.remove(told)) {
            heldBytes -= bytes(next);
            AppCall call = calls.get(told);
            told++;
            answers.onAnswer(call, next);
        }
    }

    /** On the lane's thread. */
    private void callOnLane(App client, List<Integer> indexes) {
        Runnable end = () -> windows--;
        try {
            if (!over) {
                client.apply(indexes.stream().map(calls::get).toList(), new OnLane(indexes.iterator()));
            }
        } catch (AppInDoubtException e) {
            over = true;
            end = () -> {
                windows--;
                doubts.add(e);
            };
        } catch (AppGoneException e) {
            over = true;
            end = () -> {
                windows--;
                gone = e;
            };
        } catch (RuntimeException | Error e) {
            over = true;
            end = () -> {
                windows--;
                broken = e;
            };
        }
        events.add(end);
    }

    /** Waits until no lane has work any more; what is not sent yet is not sent then. */
    private void settle() {
        if (windows == 0) {
            return;
        }
        over = true;
        long endNanos = nanoClock.getAsLong() + GRACE_NANOS;
        while (windows > 0) {
            long leftNanos = endNanos - nanoClock.getAsLong();
            if (leftNanos <= 0) {
                lanes.forEach(lane -> lane.giveUp(true));
                Uninterrupted.get(events::take).run();
            } else {
                Uninterrupted.get(() -> {
                            Runnable event = events.poll(leftNanos, TimeUnit.NANOSECONDS);
                            return event == null ? (Runnable) () -> {} : event;
                        })
                        .run();
            }
        }
        lanes.forEach(lane -> lane.giveUp(false));
    }

    /** In doubt is all that was sent and not told, also if it was answered: an earlier call may have got lost. */
    private void throwFailure() throws AppInDoubtException, AppGoneException {
        Throwable bug = broken;
        if (bug != null) {
            throw new IllegalStateException("a lane failed: " + bug, bug);
        }
        long first = Long.MAX_VALUE;
        long last = 0;
        boolean mayStillRun = false;
        for (AppInDoubtException doubt : doubts) {
            first = Math.min(first, doubt.position());
            last = Math.max(last, doubt.lastPosition());
            mayStillRun |= doubt.mayStillRun();
        }
        for (int index : held.keySet()) {
            first = Math.min(first, calls.get(index).position());
            last = Math.max(last, calls.get(index).position());
        }
        AppGoneException end = gone == null ? new AppGoneException("the app is gone") : gone;
        if (doubts.isEmpty() && held.isEmpty()) {
            throw end;
        }
        String what = doubts.isEmpty() ? end.getMessage() : doubts.get(0).getMessage();
        throw new AppInDoubtException(
                what + (first == last ? "" : "; what was sent from position " + first + " to " + last + " is in doubt"),
                first,
                last,
                mayStillRun);
    }

    private void onAnswer(int index, AppAnswer answer) {
        schedule.onAnswer(index);
        held.put(index, answer);
        heldBytes += bytes(answer);
    }

    private static long bytes(AppAnswer given) {
        Answer answer = given.answer();
        return answer == null ? 0 : answer.body().length;
    }

    /** Passes a lane's answers on. On the lane's thread. */
    private final class OnLane implements App.Answers {

        private final Iterator<Integer> indexes;

        OnLane(Iterator<Integer> indexes) {
            this.indexes = indexes;
        }

        @Override
        public void onAnswer(AppCall call, AppAnswer answer) {
            int index = indexes.next();
            events.add(() -> LaneRound.this.onAnswer(index, answer));
        }

        @Override
        public void onPause() {
            // Whoever runs the round sees for itself that nothing is there.
        }
    }
}
