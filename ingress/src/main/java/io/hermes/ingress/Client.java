package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.CorrelationId;

/** A client that waits. Answered once: later answers are dropped, and so is one to a client that has gone. Any thread. */
public interface Client {

    /**
     * Passes on what the app answered.
     *
     * @param id of the request
     * @param position where it stands
     * @param replica the responder
     * @param answer whatever it was
     */
    void answer(CorrelationId id, long position, String replica, Answer answer);

    /**
     * Passes on an answer of our own.
     *
     * @param problem what happened, and what the client may do
     */
    void problem(Problem problem);
}
