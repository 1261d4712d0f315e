package io.hermes.loadgen;

/**
 * Whether the replicas executed the same.
 *
 * @param kind of the outcome
 * @param words for people
 */
record Verdict(Kind kind, String words) {

    /** What may come of comparing. */
    enum Kind {
        IDENTICAL("identical"),
        DIFFERENT("DIFFERENT"),
        NOT_COMPARED("not compared");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    static Verdict identical(String words) {
        return new Verdict(Kind.IDENTICAL, words);
    }

    static Verdict different(String words) {
        return new Verdict(Kind.DIFFERENT, words);
    }

    static Verdict notCompared(String why) {
        return new Verdict(Kind.NOT_COMPARED, why);
    }

    boolean isIdentical() {
        return kind == Kind.IDENTICAL;
    }

    boolean isDifferent() {
        return kind == Kind.DIFFERENT;
    }

    @Override
    public String toString() {
        return kind.words + ": " + words;
    }
}
