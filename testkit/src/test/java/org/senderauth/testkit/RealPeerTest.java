package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RealPeerTest {

    @Test
    void freePortIsFreeForTcpAndUdpAndGivenToOneCaller() throws Exception {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            int port = RealPeer.freePort();
            assertThat(ports.add(port)).as("port %d is new", port).isTrue();
            try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                assertThat(tcp.getLocalPort()).isEqualTo(udp.getLocalPort());
            }
        }
    }
}
