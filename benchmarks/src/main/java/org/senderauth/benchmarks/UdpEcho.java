package org.senderauth.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A UDP server that returns each packet with the QR bit set: the least that a DNS server in Java can cost. */
public final class UdpEcho {

    private UdpEcho() {}

    /**
     * Serves until it is killed, with one thread for each processor.
     *
     * @param arguments the port
     * @throws IOException if it cannot bind
     */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            new Thread(() -> serve(channel)).start();
        }
    }

    private static void serve(DatagramChannel channel) {
        ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        try {
            while (true) {
                packet.clear();
                SocketAddress client = channel.receive(packet);
                packet.flip();
                packet.put(2, (byte) (packet.get(2) | 0x80));
                channel.send(packet, client);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
