package org.senderauth.checks;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.senderauth.peers.PeerProcess;

/**
 * A name server on a loopback port whose zones are made to fill a receiver's memory. The answer follows from the name,
 * so that there are as many domains as a test wants:
 *
 * <ul>
 *   <li>{@code a7.fat.example}: ten {@code mx} terms of ten hosts, each with 4,050 addresses, all that a message holds
 *   <li>{@code b7.fat.example}: the same with 480 addresses each, few enough to be read
 *   <li>{@code c7.fat.example}: ten includes of records with some 500 terms each
 *   <li>{@code h7.honest.example}: {@code a:mail.h7.honest.example}, which is 192.0.2.10
 * </ul>
 *
 * All live for a day. It serves one loopback client, over UDP and TCP, without parsing more than the question.
 */
final class FatDnsServer implements AutoCloseable {

    private static final int UDP_BYTES = 1_232;
    private static final int A = 1;
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int TTL = 86_400;
    private static final int NXDOMAIN = 3;

    private static final int ADDRESS_BYTES = 16;
    private static final byte[] ALL = addresses(4_050, 0x0a000000);
    private static final byte[] MANY = addresses(480, 0x0a000000);
    private static final byte[] HONEST = addresses(1, 0xc000020a);

    private final DatagramSocket udp;
    private final ServerSocket tcp;

    private FatDnsServer(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    static FatDnsServer start() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        int port = PeerProcess.freePort();
        FatDnsServer server =
                new FatDnsServer(new DatagramSocket(port, loopback), new ServerSocket(port, 500, loopback));
        server.udp.setReceiveBufferSize(4 << 20);
        for (int i = 0; i < 2; i++) {
            thread(server::serveUdp);
        }
        thread(server::serveTcp);
        return server;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "fat-dns");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] reply = reply(buffer, UDP_BYTES);
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // The end of the server.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                thread(() -> converse(socket));
            } catch (IOException e) {
                // The end of the server.
            }
        }
    }

    private static void converse(Socket connection) {
        try (Socket socket = connection) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] reply = reply(query, 65_535);
                byte[] framed = new byte[reply.length + 2];
                framed[0] = (byte) (reply.length >> 8);
                framed[1] = (byte) reply.length;
                System.arraycopy(reply, 0, framed, 2, reply.length);
                out.write(framed);
            }
        } catch (EOFException e) {
            // The client has no more questions.
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static byte[] reply(byte[] query, int limit) throws IOException {
        StringBuilder text = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            text.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += query[at] + 1;
        }
        int type = (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
        ByteArrayOutputStream records = new ByteArrayOutputStream(512);
        int count = answer(text.toString().toLowerCase(Locale.ROOT), type, records);
        int questionEnd = at + 5;
        boolean truncated = questionEnd + records.size() > limit;
        ByteArrayOutputStream reply = new ByteArrayOutputStream(questionEnd + records.size());
        DataOutputStream out = new DataOutputStream(reply);
        out.write(query, 0, 2);
        out.writeShort(0x8580 | (truncated ? 0x200 : 0) | (count < 0 ? NXDOMAIN : 0));
        out.writeShort(1);
        out.writeShort(truncated ? 0 : Math.max(0, count));
        out.writeInt(0);
        out.write(query, 12, questionEnd - 12);
        if (!truncated) {
            records.writeTo(out);
        }
        return reply.toByteArray();
    }

    // The number of records; -1 if there is no such name.
    private static int answer(String name, int type, ByteArrayOutputStream bytes) throws IOException {
        DataOutputStream out = new DataOutputStream(bytes);
        List<String> labels = List.of(name.split("\\."));
        if (name.endsWith(".honest.example.")) {
            String domain = labels.get(labels.size() - 3);
            if (labels.size() == 3 && type == TXT) {
                return text(out, "v=spf1 a:mail." + domain + ".honest.example -all");
            }
            return labels.size() == 4 && type == A ? addresses(out, HONEST) : labels.size() <= 4 ? 0 : -1;
        }
        if (!name.endsWith(".fat.example.")) {
            return -1;
        }
        String domain = labels.get(labels.size() - 3) + ".fat.example";
        char kind = domain.charAt(0);
        switch (labels.size()) {
            case 3:
                return type == TXT ? text(out, tenOf(kind == 'c' ? " include:i" : " mx:m", domain)) : 0;
            case 4:
                if (kind == 'c') {
                    return type == TXT ? text(out, "v=spf1" + " ip4:192.0.2.99".repeat(500) + " ?all") : 0;
                }
                return type == MX ? exchangers(out, name) : 0;
            default:
                return type == A ? addresses(out, kind == 'a' ? ALL : MANY) : 0;
        }
    }

    private static String tenOf(String term, String domain) {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 10; i++) {
            record.append(term).append(i).append('.').append(domain);
        }
        return record.append(" -all").toString();
    }

    private static void record(DataOutputStream out, int type, int length) throws IOException {
        out.writeShort(0xc00c);
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(TTL);
        out.writeShort(length);
    }

    private static int text(DataOutputStream out, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        int strings = (octets.length + 254) / 255;
        record(out, TXT, octets.length + strings);
        for (int at = 0; at < octets.length; at += 255) {
            int length = Math.min(255, octets.length - at);
            out.write(length);
            out.write(octets, at, length);
        }
        return 1;
    }

    private static int exchangers(DataOutputStream out, String name) throws IOException {
        for (int i = 0; i < 10; i++) {
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            for (String label : ("h" + i + "." + name).split("\\.")) {
                target.write(label.length());
                target.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            target.write(0);
            record(out, MX, 2 + target.size());
            out.writeShort(10);
            target.writeTo(out);
        }
        return 10;
    }

    // The owner is a pointer to the question, so that the same bytes answer for every name.
    private static byte[] addresses(int number, int first) {
        ByteBuffer bytes = ByteBuffer.allocate(number * ADDRESS_BYTES);
        for (int i = 0; i < number; i++) {
            bytes.putShort((short) 0xc00c)
                    .putShort((short) A)
                    .putShort((short) 1)
                    .putInt(TTL)
                    .putShort((short) 4)
                    .putInt(first | i);
        }
        return bytes.array();
    }

    private static int addresses(DataOutputStream out, byte[] records) throws IOException {
        out.write(records);
        return records.length / ADDRESS_BYTES;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
