package io.hermes.log.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {

    private static final int BLOCK = 108;

    @Test
    void sourcesSideBySideNeverHandOutTheSamePort() {
        Set<Integer> given = new HashSet<>();
        try (LoopbackPorts one = new LoopbackPorts(BLOCK);
                LoopbackPorts other = new LoopbackPorts(BLOCK)) {
            // More than fit a block, and nobody listens on any.
            for (int i = 0; i < 150; i++) {
                given.add(one.getAsInt());
                given.add(other.getAsInt());
            }
        }

        assertThat(given).hasSize(300).allMatch(port -> port < 32_768);
    }

    @Test
    void portThatSomebodyUsesIsNotHandedOut() throws IOException {
        int port = onceHandedOut();
        try (ServerSocket used = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                LoopbackPorts ports = new LoopbackPorts(BLOCK)) {
            assertThat(used.isBound()).isTrue();
            assertThat(ports.reserve(port)).isFalse();
            assertThat(ports.getAsInt()).isNotEqualTo(port);
        }
    }

    @Test
    void portThatIsReservedIsNotHandedOut() {
        int port = onceHandedOut();
        try (LoopbackPorts ports = new LoopbackPorts(BLOCK)) {
            assertThat(ports.reserve(port)).isTrue();
            assertThat(ports.getAsInt()).isNotEqualTo(port);
        }
    }

    /** The first that would be handed out again. */
    private static int onceHandedOut() {
        try (LoopbackPorts before = new LoopbackPorts(BLOCK)) {
            return before.getAsInt();
        }
    }
}
