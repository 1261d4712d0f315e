package io.hermes.log.bookkeeper;

/** One append on its way to a ledger; ends in exactly one of three ways. */
interface Append {

    /** What is appended; belongs to the log until the append has ended. */
    byte[] record();

    /** It is durable and has its place. */
    void onAppended(long position);

    /** It may be in a ledger. */
    void onUnknown(String reason);

    /** It never got to a bookie: another sequencer may take it. */
    void onNotWritten(String reason);
}
