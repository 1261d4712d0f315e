package io.hermes.applier;

import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Holds the replies that this replica owes until everything before them was applied, then sends them in as few pieces as
 * possible: one for each ingress. Holds at most what one batch of the log asks for. Owned by the loop's thread.
 */
final class ReplyOutbox {

    /** A reply bus may bound what travels at once; answers are gathered up to about this many bytes. */
    private static final int PIECE_BYTES_MAX = 256 * 1024;

    private record Due(long deliveredAt, ReplyRoute route, Supplier<Reply> reply) {}

    /** What goes to one ingress. */
    private static final class Piece {
        private final List<Reply> replies = new ArrayList<>();
        private int bytes;
    }

    private final ReplyBus bus;
    private final String replica;
    private final Incarnation incarnation;
    private final Deque<Due> dues = new ArrayDeque<>();
    private long mutedThrough;

    ReplyOutbox(ReplyBus bus, String replica, Incarnation incarnation) {
        this.bus = bus;
        this.replica = replica;
        this.incarnation = incarnation;
    }

    /**
     * Owes a reply, if the route names this replica and the record is new. What was ordered before this incarnation of the app
     * began was somebody else's to answer, or its client has long gone; whoever still waits asks again.
     *
     * @param deliveredAt the position of the record that asks for it; calls come in log order
     * @param reply asked for once everything up to that position was applied
     */
    void owe(long deliveredAt, ReplyRoute route, Supplier<Reply> reply) {
        if (isForUs(deliveredAt, route)) {
            dues.addLast(new Due(deliveredAt, route, reply));
        }
    }

    /** Whether this replica is the one that replies to a record. */
    boolean isForUs(long deliveredAt, ReplyRoute route) {
        return deliveredAt > mutedThrough
                && route.responder().equals(replica)
                && !route.address().isEmpty();
    }

    boolean isEmpty() {
        return dues.isEmpty();
    }

    /** Sends what is owed up to a position through which everything was applied. */
    int send(long appliedThrough) {
        int count = 0;
        Map<String, Piece> pieces = new LinkedHashMap<>();
        while (!dues.isEmpty() && dues.peekFirst().deliveredAt() <= appliedThrough) {
            Due due = dues.removeFirst();
            Reply reply = due.reply().get();
            Piece piece = pieces.computeIfAbsent(due.route().address(), address -> new Piece());
            int bytes = bytes(reply);
            if (!piece.replies.isEmpty() && piece.bytes + bytes > PIECE_BYTES_MAX) {
                send(due.route().address(), piece, appliedThrough);
            }
            piece.replies.add(reply);
            piece.bytes += bytes;
            count++;
        }
        pieces.forEach((address, piece) -> send(address, piece, appliedThrough));
        return count;
    }

    /** Another incarnation of the app begins: forgets what is owed, and owes nothing up to a position. */
    void muteThrough(long position) {
        dues.clear();
        mutedThrough = position;
    }

    private void send(String address, Piece piece, long appliedThrough) {
        bus.reply(
                new ReplyAddress(address),
                ReplyCodec.encode(new ReplyBatch(replica, incarnation, appliedThrough, piece.replies)));
        piece.replies.clear();
        piece.bytes = 0;
    }

    private static int bytes(Reply reply) {
        int body = reply.outcome() instanceof ReplyOutcome.Answered answered
                ? answered.answer().body().length
                : 0;
        return body + 200;
    }
}
