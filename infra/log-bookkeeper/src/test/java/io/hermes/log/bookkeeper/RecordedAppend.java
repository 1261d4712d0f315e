package io.hermes.log.bookkeeper;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** An append of a test: remembers how it ended. */
final class RecordedAppend implements Append {

    private final Consumer<String> onEnd;
    // Volatile: ended by any thread.
    private volatile String ended = "";

    RecordedAppend() {
        this(how -> {});
    }

    RecordedAppend(Consumer<String> onEnd) {
        this.onEnd = onEnd;
    }

    /** Empty while it has not ended. */
    String ended() {
        return ended;
    }

    @Override
    public byte[] record() {
        return "record".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onAppended(long position) {
        end("appended at " + position);
    }

    @Override
    public void onUnknown(String reason) {
        end("unknown: " + reason);
    }

    @Override
    public void onNotWritten(String reason) {
        end("not written: " + reason);
    }

    private void end(String how) {
        ended = how;
        onEnd.accept(how);
    }
}
