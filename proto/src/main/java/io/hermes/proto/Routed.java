package io.hermes.proto;

/** A record for which somebody waits, and which may be appended again, naming another replica to reply. */
public sealed interface Routed extends LogContent permits RequestRecord, InquiryRecord {

    /**
     * Who waits, for which request.
     *
     * @return the same in each repeat
     */
    Identity identity();

    /**
     * Where the reply goes and who sends it.
     *
     * @return may differ between repeats
     */
    ReplyRoute route();

    /**
     * The same, asked of another replica.
     *
     * @param other where the reply goes now
     * @return a repeat: all but the route is equal
     */
    Routed withRoute(ReplyRoute other);

    /**
     * How much memory the body takes.
     *
     * @return bytes, 0 if there is none
     */
    int bodyBytes();
}
