package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapShareTest {

    @Test
    void smallHeapHasSmallBounds() {
        assertThat(HeapShare.pendingBytesMax(192L << 20)).isEqualTo(12L << 20);
        assertThat(HeapShare.connectionsMax(192L << 20)).isEqualTo(1_536);
    }

    @Test
    void boundsEndSomewhere() {
        assertThat(HeapShare.pendingBytesMax(64L << 30)).isEqualTo(256L << 20);
        assertThat(HeapShare.connectionsMax(64L << 30)).isEqualTo(65_536);
        assertThat(HeapShare.connectionsMax(1)).isEqualTo(256);
    }
}
