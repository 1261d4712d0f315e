package io.hermes.linearizability;

/**
 * What was found about one history.
 *
 * @param kind of the finding
 * @param explanation for people; empty if all is well
 */
public record Verdict(Kind kind, String explanation) {

    /** What can be found. */
    public enum Kind {
        /** One copy of the service could have told the clients all this, each operation at one moment between question and answer. */
        LINEARIZABLE,
        /** No order of the operations explains what the clients were told. */
        NOT_LINEARIZABLE,
        /** More orders would have to be tried than the bound allows. */
        GAVE_UP
    }

    static final Verdict GOOD = new Verdict(Kind.LINEARIZABLE, "");
}
