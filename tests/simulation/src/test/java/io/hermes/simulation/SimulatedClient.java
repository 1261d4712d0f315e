package io.hermes.simulation;

import io.hermes.ingress.Client;
import io.hermes.ingress.Problem;
import io.hermes.proto.Answer;
import io.hermes.proto.CorrelationId;
import java.nio.charset.StandardCharsets;

/** A client that sends one request with a body that no other has. */
final class SimulatedClient implements Client {

    private final String body;
    private final Judge judge;
    private boolean told;
    private boolean disconnected;

    SimulatedClient(String body, Judge judge) {
        this.body = body;
        this.judge = judge;
    }

    /** Its ingress crashed: whatever is said later, it does not hear. */
    void disconnect() {
        disconnected = true;
    }

    boolean isWaiting() {
        return !told && !disconnected;
    }

    @Override
    public void answer(CorrelationId id, long position, String replica, Answer answer) {
        if (isWaiting()) {
            told = true;
            judge.onAnswered(body, position, new String(answer.body(), StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void problem(Problem problem) {
        if (isWaiting()) {
            told = true;
            if (problem.status() == 503) {
                judge.onRefused(body);
            } else {
                judge.onUnknown();
            }
        }
    }
}
