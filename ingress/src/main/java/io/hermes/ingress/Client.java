package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;

/** A client that waits. Answered once: later answers are dropped, and so is one to a client that has gone. Any thread. */
public interface Client {

    /** Who does not wait any more. */
    Client GONE = new Client() {
        @Override
        public void reply(RequestId id, Reply reply, String replica) {}

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {}

        @Override
        public void problem(Problem problem) {}
    };

    /**
     * Passes on what a replica said.
     *
     * @param id of the request
     * @param reply what became of it
     * @param replica which one said so
     */
    void reply(RequestId id, Reply reply, String replica);

    /**
     * Passes on what the app answered to a read that went past the log.
     *
     * @param answer whatever it was
     * @param position everything up to it was applied before the read was executed
     * @param replica which one executed it
     * @param level by which it was executed
     */
    void read(Answer answer, long position, String replica, ReadLevel level);

    /**
     * Passes on an answer of our own.
     *
     * @param problem what happened, and what the client may do
     */
    void problem(Problem problem);
}
