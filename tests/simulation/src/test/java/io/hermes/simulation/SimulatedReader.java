package io.hermes.simulation;

import io.hermes.ingress.Client;
import io.hermes.ingress.Problem;
import io.hermes.proto.Answer;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;
import java.nio.charset.StandardCharsets;

/** Asks one ingress once how many requests were executed. */
final class SimulatedReader implements Client {

    private final int ingress;
    private final Judge judge;
    private final int atLeast;
    private boolean waiting = true;

    SimulatedReader(int ingress, Judge judge) {
        this.ingress = ingress;
        this.judge = judge;
        this.atLeast = judge.known();
    }

    boolean isWaiting() {
        return waiting;
    }

    /** An ingress crashed: whatever it says later is not heard. */
    void onCrash(int crashed) {
        waiting &= crashed != ingress;
    }

    @Override
    public void reply(RequestId id, Reply reply, String replica) {
        Answer answer = reply.outcome().match(given -> given, told -> null);
        if (answer != null && waiting) {
            judge.onRead(atLeast, text(answer), false);
        }
        waiting = false;
    }

    @Override
    public void read(Answer answer, long position, String replica, ReadLevel level) {
        if (waiting) {
            judge.onRead(atLeast, text(answer), true);
        }
        waiting = false;
    }

    @Override
    public void problem(Problem problem) {
        waiting = false;
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }
}
