package io.hermes.simulation;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.applier.AppHost;
import io.hermes.applier.AppInDoubtException;
import io.hermes.proto.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A copy of a service that counts, on a machine where it may die at any request, before or after executing it. If it is aware of
 * positions, its state outlives it, but for the last requests, which it may not have written down yet.
 */
final class SimulatedApp implements App, AppHost {

    private static final int LOST_MAX = 4;

    private final String replica;
    private final boolean aware;
    private final Judge judge;
    private final Random random;
    private final Supplier<Plan> plan;
    private final List<Long> executed = new ArrayList<>();
    private boolean alive;
    private int differsAt = -1;

    SimulatedApp(String replica, boolean aware, Judge judge, Random random, Supplier<Plan> plan) {
        this.replica = replica;
        this.aware = aware;
        this.judge = judge;
        this.random = random;
        this.plan = plan;
    }

    boolean isAware() {
        return aware;
    }

    /** Answers the request that it executes as this number otherwise than it should, once. */
    void differAt(int number) {
        differsAt = number;
    }

    int executed() {
        return executed.size();
    }

    void die() {
        if (alive && aware && random.nextBoolean()) {
            int kept = Math.max(0, executed.size() - random.nextInt(LOST_MAX));
            executed.subList(kept, executed.size()).clear();
        }
        alive = false;
    }

    @Override
    public void begin() {
        if (!aware && plan.get().wipes()) {
            executed.clear();
        }
        alive = true;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public void awaitListening() {}

    @Override
    public long tellPosition() {
        return executed.isEmpty() ? 0 : executed.get(executed.size() - 1);
    }

    @Override
    public void stop() {}

    @Override
    public void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException {
        long last = calls.get(calls.size() - 1).position();
        for (AppCall call : calls) {
            if (!alive) {
                throw new AppInDoubtException("dead before position " + call.position(), call.position(), last);
            }
            boolean dies = random.nextDouble() < plan.get().appDeath();
            if (dies && random.nextBoolean()) {
                die();
                throw new AppInDoubtException("died before position " + call.position(), call.position(), last);
            }
            if (call.record().request().method().equals("GET")) {
                answers.onAnswer(call, answer(Integer.toString(executed.size())));
                continue;
            }
            String body = new String(call.record().request().body(), StandardCharsets.US_ASCII);
            int number = executed.size();
            judge.onExecuted(replica, number, call.record().identity().id().text(), call.position(), body);
            executed.add(call.position());
            if (dies) {
                die();
                throw new AppInDoubtException("died after position " + call.position(), call.position(), last);
            }
            boolean differs = number == differsAt;
            differsAt = differs ? -1 : differsAt;
            answers.onAnswer(call, answer(Judge.answerTo(number, body) + (differs ? "!" : "")));
            if (random.nextBoolean()) {
                answers.onPause();
            }
        }
    }

    @Override
    public void close() {}

    private static AppAnswer answer(String text) {
        return new AppAnswer(new Answer(200, List.of(), text.getBytes(StandardCharsets.US_ASCII)));
    }
}
