package io.hermes.simulation;

import io.hermes.ingress.Client;
import io.hermes.ingress.Problem;
import io.hermes.proto.Answer;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.RequestId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client that wants one thing done, with a body that no other client has. It may name its request, and then tries again through
 * whichever ingress when it was told 503 or 504 or lost its connection; or it comes back with the id that a 504 told it; or it
 * cancels.
 */
final class SimulatedClient {

    private static final int ATTEMPTS_MAX = 8;

    private final String body;
    private final Judge judge;
    private @Nullable RequestId id;
    private @Nullable Attempt attempt;
    private int attempts;
    private boolean done;
    private boolean mayBeOrdered;

    SimulatedClient(String body, @Nullable RequestId id, Judge judge) {
        this.body = body;
        this.id = id;
        this.judge = judge;
    }

    String body() {
        return body;
    }

    /** What it calls its request; null if it does not know an id. */
    @Nullable
    RequestId id() {
        return id;
    }

    boolean isWaiting() {
        return attempt != null;
    }

    /** It was not answered, and has a name to ask with. */
    boolean wantsMore() {
        return !done && attempt == null && id != null && attempts < ATTEMPTS_MAX;
    }

    Client begin(int ingress, boolean cancels) {
        attempts++;
        Attempt next = new Attempt(ingress, cancels);
        attempt = next;
        return next;
    }

    /** An ingress crashed: whatever it says later is not heard. */
    void onCrash(int ingress) {
        Attempt current = attempt;
        if (current != null && current.ingress == ingress) {
            attempt = null;
            mayBeOrdered = true;
        }
    }

    /** One connection to one ingress. */
    private final class Attempt implements Client {

        private final int ingress;
        private final boolean cancels;

        Attempt(int ingress, boolean cancels) {
            this.ingress = ingress;
            this.cancels = cancels;
        }

        @Override
        public void reply(RequestId named, Reply reply, String replica) {
            if (attempt != this) {
                return;
            }
            attempt = null;
            Answer answer = reply.outcome().match(given -> given, told -> null);
            if (answer != null) {
                done = true;
                judge.onAnswered(body, reply.position(), new String(answer.body(), StandardCharsets.US_ASCII));
                return;
            }
            mayBeOrdered = true;
            if (reply.outcome() == ReplyOutcome.Told.DIFFERENT_REQUEST) {
                throw new Violation("RepliesMatchRequests: " + body + " was called another request than itself");
            }
            if (reply.outcome() == ReplyOutcome.Told.CANCELLED) {
                done = true;
                judge.onCancelled(body);
            } else if (reply.outcome() == ReplyOutcome.Told.ANSWER_NOT_KEPT) {
                done = true;
                judge.onApplied(body, reply.position());
            } else {
                judge.onUnknown();
            }
        }

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {
            throw new Violation("RepliesMatchRequests: " + body + " changes state, and was executed past the log");
        }

        @Override
        public void problem(Problem problem) {
            if (attempt != this) {
                return;
            }
            attempt = null;
            switch (problem.status()) {
                case 503 -> {
                    if (!mayBeOrdered && !cancels && !wantsMore()) {
                        judge.onRefused(body);
                    }
                }
                case 409 -> {
                    done = true;
                    judge.onApplied(body, problem.position());
                }
                default -> {
                    mayBeOrdered = true;
                    id = id == null ? problem.id() : id;
                    judge.onUnknown();
                }
            }
        }
    }
}
