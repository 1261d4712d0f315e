package io.hermes.ingress;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A body that is not complete yet, in blocks that grow with it: what it takes is never twice what has arrived, and all of it is counted.
 *
 * <p>Owned by whoever reads the body.
 */
final class BodyBlocks {

    private static final byte[] NONE = {};
    private static final int BLOCK_BYTES_MIN = 1 << 10;
    private static final int BLOCK_BYTES_MAX = 64 << 10;

    private final ByteBudget budget;
    private final List<byte[]> blocks = new ArrayList<>();
    private byte[] last = NONE;
    private int filled;
    private int length;
    private long taken;

    BodyBlocks(ByteBudget budget) {
        this.budget = budget;
    }

    int length() {
        return length;
    }

    /** Copies all that is there; false if the budget does not allow it, and then some of it may have been copied. */
    boolean tryAdd(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (filled == last.length) {
                int wanted = Math.max(bytes.remaining(), Math.max(BLOCK_BYTES_MIN, length / 2));
                int size = Math.min(BLOCK_BYTES_MAX, wanted);
                if (!budget.tryTake(size)) {
                    return false;
                }
                taken += size;
                last = new byte[size];
                blocks.add(last);
                filled = 0;
            }
            int count = Math.min(bytes.remaining(), last.length - filled);
            bytes.get(last, filled, count);
            filled += count;
            length += count;
        }
        return true;
    }

    /** The whole, in one piece. */
    byte[] toBytes() {
        ByteBuffer whole = ByteBuffer.allocate(length);
        for (byte[] block : blocks) {
            whole.put(block, 0, Math.min(block.length, whole.remaining()));
        }
        return whole.array();
    }

    /** Forgets everything, and gives back what it took. */
    void release() {
        budget.give(taken);
        taken = 0;
        blocks.clear();
        last = NONE;
        filled = 0;
        length = 0;
    }
}
