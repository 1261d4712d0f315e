package io.hermes.ingress;

import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;

/** A client that waits. Answered once: later answers are dropped, and so is one to a client that has gone. Any thread. */
public interface Client {

    /**
     * Passes on what a replica said.
     *
     * @param id of the request
     * @param reply what became of it
     * @param replica which one said so
     */
    void reply(RequestId id, Reply reply, String replica);

    /**
     * Passes on an answer of our own.
     *
     * @param problem what happened, and what the client may do
     */
    void problem(Problem problem);
}
