package io.hermes.simulation;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.applier.AppHost;
import io.hermes.applier.AppInDoubtException;
import io.hermes.proto.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** A copy of a service that counts, on a machine where it may die at any request, before or after executing it. */
final class SimulatedApp implements App, AppHost {

    private final String replica;
    private final Judge judge;
    private final Random random;
    private final Supplier<Plan> plan;
    private int executed;
    private boolean alive;

    SimulatedApp(String replica, Judge judge, Random random, Supplier<Plan> plan) {
        this.replica = replica;
        this.judge = judge;
        this.random = random;
        this.plan = plan;
    }

    int executed() {
        return executed;
    }

    void die() {
        alive = false;
    }

    @Override
    public void begin() {
        if (plan.get().wipes()) {
            executed = 0;
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
    public void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException {
        for (AppCall call : calls) {
            boolean dies = random.nextDouble() < plan.get().appDeath();
            if (dies && random.nextBoolean()) {
                alive = false;
                throw new AppInDoubtException("died before position " + call.position());
            }
            String body = new String(call.record().request().body(), StandardCharsets.US_ASCII);
            judge.onExecuted(replica, executed, call.record().id(), call.position(), body);
            String answer = Judge.answerTo(executed, body);
            executed++;
            if (dies) {
                alive = false;
                throw new AppInDoubtException("died after position " + call.position());
            }
            answers.onAnswer(
                    call, new AppAnswer(new Answer(200, List.of(), answer.getBytes(StandardCharsets.US_ASCII))));
            if (random.nextBoolean()) {
                answers.onPause();
            }
        }
    }

    @Override
    public void close() {}
}
