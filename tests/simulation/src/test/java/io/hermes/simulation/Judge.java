package io.hermes.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches every step of every process, and calls out the first broken promise. */
final class Judge {

    /** What some replica was the first to execute, in order. */
    private record Executed(String id, long position, String body) {}

    private final List<Executed> order = new ArrayList<>();
    private final Map<String, Integer> orderByBody = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final boolean tolerant;
    private int differsAt = -1;
    private int acknowledged;
    private int unknown;
    private int known;
    private int orderedReads;
    private int readsPastTheLog;

    /**
     * Makes a judge.
     *
     * @param tolerant of requests that are applied twice: where keys are forgotten soon, that is allowed
     */
    Judge(boolean tolerant) {
        this.tolerant = tolerant;
    }

    /** TotalOrder: the k-th request of every incarnation is the same; NoSecondApply: and no body comes twice. */
    void onExecuted(String replica, int index, String id, long position, String body) {
        Executed executed = new Executed(id, position, body);
        if (index < order.size()) {
            if (!order.get(index).equals(executed)) {
                throw new Violation("TotalOrder: " + replica + " executed " + executed + " as number " + index
                        + ", others " + order.get(index));
            }
            return;
        }
        if (index > order.size()) {
            throw new Violation("TotalOrder: " + replica + " left out number " + order.size());
        }
        Integer before = orderByBody.putIfAbsent(body, index);
        if (before != null && !tolerant) {
            throw new Violation("NoSecondApply: " + body + " was executed as number " + before + " and as " + index);
        }
        order.add(executed);
    }

    /** NoAcknowledgedLoss and RepliesMatchRequests: the answer is that of this request, at its place in the order. */
    void onAnswered(String body, long position, String answer) {
        acknowledged++;
        Integer index = orderByBody.get(body);
        known = index == null ? known : Math.max(known, index + 1);
        if (index == null) {
            throw new Violation("NoAcknowledgedLoss: " + body + " was acknowledged, and nobody has executed it");
        }
        String wanted = answerTo(index, body);
        if (!answer.equals(wanted) && !tolerant && index != differsAt) {
            throw new Violation(
                    "RepliesMatchRequests: " + body + " was answered '" + answer + "', not '" + wanted + "'");
        }
        if (order.get(index).position() != position && !tolerant) {
            throw new Violation("RepliesMatchRequests: " + body + " was answered for position " + position + ", not "
                    + order.get(index).position());
        }
    }

    /** One copy answers this request otherwise than it should; a client may be told so. */
    void tolerateDifferenceAt(int number) {
        differsAt = number;
    }

    /** So many requests were executed, as some client knows: a read that begins now must not miss any. */
    int known() {
        return known;
    }

    /** ReadsAreFresh: a read that began when some client knew of so many executed requests tells of no fewer. */
    void onRead(int atLeast, String answer, boolean pastTheLog) {
        int count = Integer.parseInt(answer);
        if (count < atLeast) {
            throw new Violation("ReadsAreFresh: a read told of " + count + " requests, and began when " + atLeast
                    + " were known to be executed");
        }
        if (count > order.size()) {
            throw new Violation("ReadsAreFresh: a read told of " + count + " requests, of " + order.size());
        }
        known = Math.max(known, count);
        orderedReads += pastTheLog ? 0 : 1;
        readsPastTheLog += pastTheLog ? 1 : 0;
    }

    int orderedReads() {
        return orderedReads;
    }

    int readsPastTheLog() {
        return readsPastTheLog;
    }

    void onRefused(String body) {
        refused.add(body);
    }

    /** It was applied, though nobody knows the answer any more. */
    void onApplied(String body, long position) {
        acknowledged++;
        Integer index = orderByBody.get(body);
        if (index == null || (order.get(index).position() != position && !tolerant)) {
            throw new Violation(
                    "NoAcknowledgedLoss: " + body + " was said to be applied at position " + position + ", and was at "
                            + (index == null ? "none" : order.get(index).position()));
        }
    }

    void onCancelled(String body) {
        cancelled.add(body);
    }

    void onUnknown() {
        unknown++;
    }

    /** What an honest app answers to the request that it executes as this number. */
    static String answerTo(int index, String body) {
        return "number " + index + " is " + body;
    }

    /** At the end: what was called not ordered is not in the order; every replica has executed all of it. */
    void judgeEnd(Map<String, Integer> executedByReplica) {
        for (String body : refused) {
            if (orderByBody.containsKey(body)) {
                throw new Violation("NotOrdered: " + body + " was refused as not ordered, and executed");
            }
        }
        for (String body : cancelled) {
            if (orderByBody.containsKey(body) && !tolerant) {
                throw new Violation("NeverApplied: " + body + " was cancelled for ever, and executed");
            }
        }
        executedByReplica.forEach((replica, count) -> {
            if (count != order.size()) {
                throw new Violation(
                        "ReplicasAgree: " + replica + " has executed " + count + " requests of " + order.size());
            }
        });
    }

    int acknowledged() {
        return acknowledged;
    }

    int unknown() {
        return unknown;
    }

    int cancelled() {
        return cancelled.size();
    }

    int refused() {
        return refused.size();
    }
}
