package org.senderauth.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A mail server that takes its time: it answers RCPT after some seconds, anything else at once, in one thread for any
 * number of connections. {@code CalloutTarpit PORT SECONDS} runs until its standard input ends, and prints how many
 * sessions were open at once at most.
 */
public final class CalloutTarpit {

    private static final byte[] EHLO = bytes("250-tarpit.example.org\r\n250 PIPELINING\r\n");
    private static final byte[] OK = bytes("250 OK\r\n");
    private static final byte[] NO = bytes("550 5.1.1 no such user\r\n");
    private static final byte[] BYE = bytes("221 bye\r\n");

    private record Late(long due, SelectionKey key) {}

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final long delayNanos;
    // All delays are the same, so that the first in is the first due.
    private final Deque<Late> late = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private int open;
    private int most;

    private CalloutTarpit(int port, long delayNanos) throws IOException {
        this.delayNanos = delayNanos;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Runs the server.
     *
     * @param args the port, and the seconds that RCPT takes
     * @throws IOException if it cannot listen
     */
    public static void main(String[] args) throws IOException {
        CalloutTarpit tarpit = new CalloutTarpit(Integer.parseInt(args[0]), (long) (Double.parseDouble(args[1]) * 1e9));
        Thread server = new Thread(tarpit::serve, "tarpit");
        server.setDaemon(true);
        server.start();
        while (System.in.read() >= 0) {}
        System.out.println("most sessions at once: " + tarpit.most);
    }

    private void serve() {
        try {
            while (true) {
                selector.select(late.isEmpty() ? 0 : Math.max(1, (late.peek().due - System.nanoTime()) / 1_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        accept();
                    } else {
                        read(key);
                    }
                }
                selector.selectedKeys().clear();
                while (!late.isEmpty() && late.peek().due <= System.nanoTime()) {
                    SelectionKey key = late.poll().key;
                    if (key.isValid()) {
                        write(key, NO);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            write(client.register(selector, SelectionKey.OP_READ), bytes("220 tarpit.example.org ESMTP\r\n"));
            most = Math.max(most, ++open);
        }
    }

    // Commands come whole on loopback, since a client sends each group in one write.
    private void read(SelectionKey key) {
        buffer.clear();
        try {
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                close(key);
                return;
            }
        } catch (IOException e) {
            close(key);
            return;
        }
        byte[] read = new byte[buffer.flip().remaining()];
        buffer.get(read);
        for (String line : new String(read, StandardCharsets.US_ASCII).split("\r\n")) {
            switch (line.substring(0, Math.min(4, line.length()))) {
                case "EHLO" -> write(key, EHLO);
                case "RCPT" -> late.add(new Late(System.nanoTime() + delayNanos, key));
                case "QUIT" -> {
                    write(key, BYE);
                    close(key);
                }
                default -> write(key, OK);
            }
        }
    }

    private void write(SelectionKey key, byte[] bytes) {
        try {
            ((SocketChannel) key.channel()).write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            close(key);
        }
    }

    private void close(SelectionKey key) {
        if (key.isValid()) {
            key.cancel();
            open--;
            try {
                key.channel().close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
