package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two objects exclude each other as two JVMs do: by the ports that they listen on. */
class LoopbackPortsTest {

    // Not those that tests use: other JVMs run now.
    private static final int OTHERS = 19_000;
    private static final int BLOCKS = 4;

    @Test
    void portsOfTwoJvmsAreDifferent() throws Exception {
        LoopbackPorts one = new LoopbackPorts(OTHERS, BLOCKS, 3);
        LoopbackPorts other = new LoopbackPorts(OTHERS, BLOCKS, 3);
        try {
            Set<Integer> seen = new HashSet<>();
            // More than a block each.
            for (int i = 0; i < 300; i++) {
                assertThat(seen.add(one.next())).isTrue();
                assertThat(seen.add(other.next())).isTrue();
            }
        } finally {
            one.close();
            other.close();
        }
    }

    @Test
    void portsReturnOnlyWhenAllAreUsed() throws Exception {
        LoopbackPorts ports = new LoopbackPorts(OTHERS, BLOCKS, 3);
        try {
            int[] all = IntStream.range(0, 1_100).map(i -> ports.next()).toArray();
            int first = all[0];
            int again = IntStream.range(1, all.length)
                    .filter(i -> all[i] == first)
                    .findFirst()
                    .orElseThrow();
            assertThat(IntStream.of(all).limit(again).distinct().count()).isEqualTo(again);
        } finally {
            ports.close();
        }
    }

    @Test
    void portsFollowTheOneThatIsListenedOn() throws Exception {
        LoopbackPorts ports = new LoopbackPorts(OTHERS, BLOCKS, 3);
        try {
            int port = ports.next();
            LoopbackPorts sameBlockOfJvmThatEnded = new LoopbackPorts(OTHERS, BLOCKS, 3);
            ports.close();
            try (ServerSocket peer = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(peer.isBound()).isTrue();
                assertThat(sameBlockOfJvmThatEnded.next()).isEqualTo(port + 1);
            } finally {
                sameBlockOfJvmThatEnded.close();
            }
        } finally {
            ports.close();
        }
    }
}
