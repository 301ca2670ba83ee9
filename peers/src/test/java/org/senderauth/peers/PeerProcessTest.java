package org.senderauth.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;

class PeerProcessTest {

    @Test
    void freePortIsFreeForTcpAndUdpAndGivenToOneCaller() throws Exception {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            int port = PeerProcess.freePort();
            assertThat(ports.add(port)).as("port %d is new", port).isTrue();
            try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                assertThat(tcp.getLocalPort()).isEqualTo(udp.getLocalPort());
            }
        }
    }

    @Test
    void closeAwaitsLastDescendant(@TempDir Path folder) {
        String lingering = "trap 'sleep 0.5; echo over > over; exit' TERM; echo ready; while :; do sleep 0.01; done";
        Path log = folder.resolve("log");
        PeerProcess peer =
                PeerProcess.start(folder, log, List.of("/bin/sh", "-c", "sh -c \"" + lingering + "\" & wait"));
        Await.until("the child", () -> log.toFile().length() > 0);
        peer.close();
        assertThat(folder.resolve("over")).hasContent("over\n");
    }
}
