package io.hermes.applier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Speaks with the app over several connections, its <em>lanes</em>: requests that conflict about different things are executed side by
 * side, those that conflict about the same in log order, and those of which nothing is declared after all before and before all after
 * them. Answers are told in log order whatever order they come in.
 *
 * <p>If the app ends in between, what it has executed may have holes: for apps that begin with nothing then.
 *
 * <p>Owned by the loop's thread, which speaks over the first lane's connection itself where there is nothing to do side by side; only
 * {@link #stop} may be called from elsewhere.
 */
public final class ParallelAppClient implements App {

    private final List<Lane> lanes = new ArrayList<>();
    private final int pipelining;
    private final LongSupplier nanoClock;

    /**
     * Makes a client; connections and threads begin when they are first used.
     *
     * @param config where the app listens, and the bounds
     * @param alive whether the app's process still runs; asked while waiting, on one lane's thread at a time
     * @param nanoClock for time-outs; any thread
     */
    public ParallelAppClient(AppConfig config, BooleanSupplier alive, LongSupplier nanoClock) {
        this.pipelining = config.pipelining();
        this.nanoClock = nanoClock;
        Object look = new Object();
        BooleanSupplier aliveToAll = () -> {
            // An app's host is made for one thread; lanes may ask at once.
            synchronized (look) {
                return alive.getAsBoolean();
            }
        };
        for (int number = 0; number < config.connections(); number++) {
            lanes.add(new Lane(number, config, aliveToAll, nanoClock));
        }
    }

    @Override
    public void stop() {
        lanes.forEach(lane -> lane.client().stop());
    }

    @Override
    public void expectThrough(long position) {
        lanes.forEach(lane -> lane.client().expectThrough(position));
    }

    @Override
    public void awaitListening() throws AppGoneException {
        own().awaitListening();
    }

    @Override
    public long tellPosition() throws AppGoneException, HaltException {
        return own().tellPosition();
    }

    @Override
    public void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException, AppGoneException {
        int from = 0;
        while (from < calls.size()) {
            boolean declared = isDeclared(calls.get(from));
            int to = from + 1;
            while (to < calls.size() && isDeclared(calls.get(to)) == declared) {
                to++;
            }
            List<AppCall> part = calls.subList(from, to);
            if (declared && !allConflict(part)) {
                new LaneRound(part, lanes, pipelining, answers, nanoClock).run();
            } else {
                own().apply(part, answers);
            }
            from = to;
        }
    }

    /** Drops the connections and ends the threads; the next use begins others. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }

    private HttpAppClient own() {
        return lanes.get(0).client();
    }

    private static boolean isDeclared(AppCall call) {
        return call.conflict() != null;
    }

    private static boolean allConflict(List<AppCall> calls) {
        return calls.stream().map(AppCall::conflict).distinct().limit(2).count() < 2;
    }
}
