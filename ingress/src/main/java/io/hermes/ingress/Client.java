package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.RequestId;

/** A client that waits. Answered once: later answers are dropped, and so is one to a client that has gone. Any thread. */
interface Client {

    /** Passes on what the app answered. */
    void answer(RequestId id, long position, String replica, Answer answer);

    /** Passes on an answer of our own. */
    void problem(Problem problem);
}
