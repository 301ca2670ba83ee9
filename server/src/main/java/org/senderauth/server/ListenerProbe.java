package org.senderauth.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import org.senderauth.postfix.ListenAddress;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One use of a listener, as its clients use it, with a request that decides nothing and asks no other server.
 *
 * @param name the listener, for messages
 * @param address where it listens
 * @param udp whether it is asked by UDP, else by a stream
 * @param request what is sent
 * @param answered whether what has come is a whole and proper answer
 */
record ListenerProbe(String name, SocketAddress address, boolean udp, byte[] request, Predicate<byte[]> answered) {

    // The answers are a line or a small DNS message; what is longer is not one.
    private static final int MAX_ANSWER_BYTES = 4096;

    // Datagrams get lost, in a full socket buffer for instance.
    private static final int UDP_ATTEMPTS = 3;

    /** A policy request before MAIL, on which no step is taken. */
    static ListenerProbe policy(SocketAddress address) {
        return stream(
                "policy",
                address,
                "request=smtpd_access_policy\nprotocol_state=CONNECT\nclient_address=unknown\n\n",
                answer -> answer.equals("action=DUNNO\n\n"));
    }

    /** A lookup in a map that no configuration has. */
    static ListenerProbe socketmap(SocketAddress address) {
        return stream("socketmap", address, "9:h-check x,", answer -> answer.matches("(?s)[0-9]+:PERM .*,"));
    }

    /** The negotiation that every mail server begins with: version 6, all changes, all stages. */
    static ListenerProbe milter(SocketAddress address) {
        byte[] negotiation = {0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, (byte) 0xff, 0, 0x1f, (byte) 0xff, (byte) 0xff};
        return new ListenerProbe(
                "milter on " + ListenAddress.text(address),
                address,
                false,
                negotiation,
                answer -> answer.length >= 17 && answer[4] == 'O');
    }

    /** PowerDNS's first request. */
    static ListenerProbe powerDns(Path socket) {
        return stream(
                "powerdns",
                UnixDomainSocketAddress.of(socket),
                "{\"method\":\"initialize\",\"parameters\":{}}\n",
                answer -> answer.contains("\"result\":true") && answer.endsWith("\n"));
    }

    private static ListenerProbe stream(
            String name, SocketAddress address, String request, Predicate<String> answered) {
        return new ListenerProbe(
                name + " on " + ListenAddress.text(address),
                address,
                false,
                request.getBytes(StandardCharsets.UTF_8),
                answer -> answered.test(new String(answer, StandardCharsets.UTF_8)));
    }

    /** The SOA of a zone that is served. */
    static ListenerProbe dns(InetSocketAddress address, Name zone, boolean udp) {
        Message query = Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN));
        byte[] wire = query.toWire();
        byte[] framed = new byte[wire.length + 2];
        framed[0] = (byte) (wire.length >> 8);
        framed[1] = (byte) wire.length;
        System.arraycopy(wire, 0, framed, 2, wire.length);
        int id = query.getHeader().getID();
        return new ListenerProbe(
                "dns (" + (udp ? "udp" : "tcp") + ") on " + ListenAddress.text(address),
                address,
                udp,
                udp ? wire : framed,
                answer -> isAnswer(udp ? answer : unframed(answer), id));
    }

    private static byte[] unframed(byte[] answer) {
        boolean whole = answer.length > 2 && answer.length - 2 == ((answer[0] & 0xff) << 8 | answer[1] & 0xff);
        return whole ? Arrays.copyOfRange(answer, 2, answer.length) : new byte[0];
    }

    private static boolean isAnswer(byte[] wire, int id) {
        try {
            Message message = new Message(wire);
            // A truncated answer is one of a server whose rate limit is in use.
            return message.getHeader().getID() == id
                    && message.getHeader().getFlag(Flags.QR)
                    && message.getRcode() == Rcode.NOERROR
                    && (message.getHeader().getFlag(Flags.TC)
                            || !message.getSection(Section.ANSWER).isEmpty());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Uses the listener.
     *
     * @param nanos how long that may take
     * @return whether it gave a proper answer in that time
     */
    boolean answers(long nanos) {
        long end = System.nanoTime() + nanos;
        try {
            return udp ? answersDatagram(end) : answersStream(end);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answersStream(long end) throws IOException {
        StandardProtocolFamily family = address instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX
                : family((InetSocketAddress) address);
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(family)) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(reachable(address));
            while (!connected) {
                if (!ready(selector, end)) {
                    return false;
                }
                connected = channel.finishConnect();
            }
            // It fits into any socket's buffer.
            channel.write(ByteBuffer.wrap(request));
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
            while (ready(selector, end) && channel.read(answer) >= 0 && answer.hasRemaining()) {
                if (answered.test(Arrays.copyOf(answer.array(), answer.position()))) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean answersDatagram(long end) throws IOException {
        long each = (end - System.nanoTime()) / UDP_ATTEMPTS;
        try (Selector selector = Selector.open();
                DatagramChannel channel = DatagramChannel.open(family((InetSocketAddress) address))) {
            channel.configureBlocking(false);
            channel.connect(reachable(address));
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
            for (int attempt = 0; attempt < UDP_ATTEMPTS; attempt++) {
                channel.write(ByteBuffer.wrap(request));
                if (ready(selector, System.nanoTime() + each)) {
                    answer.clear();
                    channel.read(answer);
                    if (answered.test(Arrays.copyOf(answer.array(), answer.position()))) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    // False if nothing came until then.
    private static boolean ready(Selector selector, long end) throws IOException {
        selector.selectedKeys().clear();
        long millis = (end - System.nanoTime()) / 1_000_000;
        return millis > 0 && selector.select(millis) > 0;
    }

    private static StandardProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof java.net.Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    // A server that listens on all addresses is reached on that of the host itself.
    private static SocketAddress reachable(SocketAddress address) throws UnknownHostException {
        if (address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()) {
            byte[] loopback = inet.getAddress().getAddress();
            loopback[loopback.length - 1] = 1;
            if (loopback.length == 4) {
                loopback[0] = 127;
            }
            return new InetSocketAddress(InetAddress.getByAddress(loopback), inet.getPort());
        }
        return address;
    }
}
