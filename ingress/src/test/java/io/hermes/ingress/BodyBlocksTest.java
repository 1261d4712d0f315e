package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyBlocksTest {

    private final ByteBudget budget = new ByteBudget(300_000);
    private final BodyBlocks blocks = new BodyBlocks(budget);

    @Test
    void bytesComeOutAsTheyCameIn() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String next = i + " ";
            all.append(next);
            assertThat(blocks.tryAdd(ByteBuffer.wrap(next.getBytes(StandardCharsets.US_ASCII))))
                    .isTrue();
        }

        assertThat(new String(blocks.toBytes(), StandardCharsets.US_ASCII)).isEqualTo(all.toString());
    }

    @Test
    void whatItTakesIsCountedAndNotMuchMoreThanWhatCame() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(blocks.tryAdd(ByteBuffer.wrap(new byte[1]))).isTrue();
        }

        assertThat(budget.taken()).isBetween(100_000L, 160_000L);
    }

    @Test
    void budgetIsABound() {
        assertThat(blocks.tryAdd(ByteBuffer.wrap(new byte[300_001]))).isFalse();
        assertThat(budget.taken()).isLessThanOrEqualTo(300_000);
    }

    @Test
    void releaseGivesEverythingBack() {
        assertThat(blocks.tryAdd(ByteBuffer.wrap(new byte[200_000]))).isTrue();

        blocks.release();

        assertThat(budget.taken()).isZero();
        assertThat(blocks.length()).isZero();
    }
}
