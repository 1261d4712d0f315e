package io.hermes.log.tck;

import io.hermes.log.Inbox;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/** The reply bus of a {@link FaultyLogBackend}. */
final class FaultyReplyBus implements ReplyBus {

    private static final int LONG_BYTES = 100;

    private final ReplyBus sound;
    private final ReplyFault fault;
    private final FaultTable table;

    FaultyReplyBus(ReplyBus sound, ReplyFault fault, FaultTable table) {
        this.sound = sound;
        this.fault = fault;
        this.table = table;
    }

    @Override
    public Inbox openInbox(String incarnation, Consumer<byte[]> onReply) {
        Inbox inbox = sound.openInbox(incarnation, onReply);
        table.addresses.add(inbox.address());
        return fault == ReplyFault.LINGERS ? new NeverClosed(inbox) : inbox;
    }

    @Override
    public void reply(ReplyAddress address, byte[] reply) {
        String text = new String(reply, StandardCharsets.UTF_8);
        boolean lost = (fault == ReplyFault.LOSES && text.endsWith("7"))
                || (fault == ReplyFault.OVERSLEEPS && text.equals("first"));
        if (lost) {
            return;
        }
        if (fault == ReplyFault.THROWS && !table.addresses.contains(address)) {
            throw new IllegalStateException("nobody listens on " + address);
        }
        Set<ReplyAddress> to = fault == ReplyFault.STRAYS ? table.addresses : Set.of(address);
        byte[] sent = fault == ReplyFault.CUTS ? Arrays.copyOf(reply, Math.min(reply.length, LONG_BYTES)) : reply;
        to.forEach(each -> sound.reply(each, sent.clone()));
        if (fault == ReplyFault.REPEATS && text.endsWith("7")) {
            sound.reply(address, reply.clone());
        }
    }

    @Override
    public void close() {
        sound.close();
    }

    private record NeverClosed(Inbox inbox) implements Inbox {

        @Override
        public ReplyAddress address() {
            return inbox.address();
        }

        @Override
        public void close() {
            // The fault: it is closed with the bus only.
        }
    }
}
