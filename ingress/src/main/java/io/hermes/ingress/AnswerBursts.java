package io.hermes.ingress;

/** Told that many clients are about to be answered one after the other, so that what follows for each can be done for all at once. */
interface AnswerBursts {

    /** Nobody wants to know. */
    AnswerBursts UNHEEDED = new AnswerBursts() {
        @Override
        public void begin() {}

        @Override
        public void end() {}
    };

    /** Answers follow, on this thread. */
    void begin();

    /** All are given; on the same thread. */
    void end();

    /** Has answers given, as one burst. */
    default void around(Runnable answers) {
        begin();
        try {
            answers.run();
        } finally {
            end();
        }
    }
}
