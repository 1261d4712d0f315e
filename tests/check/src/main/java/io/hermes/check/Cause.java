package io.hermes.check;

/** Why two runs of an app answer differently, as far as that can be told from the answers. */
enum Cause {
    CLOCK(
            "the clock",
            "the values are times at which their own runs were",
            "take the time from the Hermes-Time field of the request (milliseconds since 1970, the same for all copies)"),
    RANDOM(
            "randomness",
            "the values look like random numbers or ids, or digests of something that differs",
            "seed a generator with the Hermes-Seed field of each request, or use Hermes-Request-Id where an id is wanted"),
    ORDER(
            "iteration order",
            "the same words, in another order",
            "sort before you write, or use a collection that keeps its order (no hash set or hash map; in Python sets of"
                    + " strings)"),
    PORT(
            "the port of the copy",
            "each value is the port that its own run was given",
            "build links from the Host field of the request, or leave the port out of answers"),
    PID(
            "the process id",
            "each value is the id of a process of its own run",
            "leave process ids out of answers; Hermes-Request-Id names a request"),
    DIRECTORY(
            "the working directory",
            "each value names the directory that its own run worked in",
            "leave absolute paths out of answers"),
    REPLICA(
            "the name of the copy",
            "each value is what {replica} was replaced by",
            "leave the copy's name out of answers and of the state; use it for logs only"),
    ADDRESS(
            "an address in memory",
            "the values are addresses of objects",
            "give your objects a text of their own (in Python __repr__, in Java toString and hashCode)"),
    CARRIED_OVER(
            "state that outlives a run",
            "later runs go on where earlier ones ended",
            "keep all state in the working directory (it is empty at each start), not in /tmp, a database or shared memory;"
                    + " or make the app position-aware or external"),
    RESTART(
            "state that outlives a crash",
            "only the run whose app was killed and begun anew answers differently",
            "keep all state in the working directory (it is emptied at each start), not in /tmp, a database or shared"
                    + " memory"),
    TIMING(
            "timing",
            "the values measure how long something took",
            "leave measured times out of answers, or ignore the field with --ignore-header if no client relies on it"),
    UNKNOWN(
            "unknown",
            "nothing known fits",
            "look for randomness, the clock, hash order, threads that race, timers, and calls to the outside");

    private final String words;
    private final String evidence;
    private final String advice;

    Cause(String words, String evidence, String advice) {
        this.words = words;
        this.evidence = evidence;
        this.advice = advice;
    }

    String words() {
        return words;
    }

    String evidence() {
        return evidence;
    }

    String advice() {
        return advice;
    }
}
