package org.senderauth.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server on a loopback port, over UDP and TCP, with the answers of a {@link DnsClient} such as a zone in memory, for
 * tests that send real packets. For a scripted failure it sends what a real server would: nothing for {@link
 * Cause#TIMEOUT}, REFUSED for {@link Cause#REFUSED}, else SERVFAIL. Answers too long for UDP are truncated. For tests only:
 * it serves one TCP connection at a time, without limits.
 */
public final class LoopbackDnsServer implements AutoCloseable {

    private static final int UDP_WITHOUT_EDNS = 512;
    private static final int UDP_WITH_EDNS = 1232;

    private final DnsClient zone;
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    private LoopbackDnsServer(DnsClient zone, DatagramSocket udp, ServerSocket tcp) {
        this.zone = zone;
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Starts a server on a free port of 127.0.0.1.
     *
     * @param zone the source of the answers
     * @return the running server
     */
    public static LoopbackDnsServer serving(DnsClient zone) {
        // A port that the system assigns for TCP may currently be in use for UDP.
        return serving(zone, LoopbackPorts.free());
    }

    /**
     * Starts a server on a port of 127.0.0.1, for programs that always use one port and run in a network of their own.
     *
     * @param zone the source of the answers
     * @param port the port, such as 53
     * @return the running server
     */
    public static LoopbackDnsServer serving(DnsClient zone, int port) {
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            ServerSocket tcp = new ServerSocket(port, 50, loopback);
            DatagramSocket udp = new DatagramSocket(port, loopback);
            LoopbackDnsServer server = new LoopbackDnsServer(zone, udp, tcp);
            start("dns-udp", server::serveUdp);
            start("dns-tcp", server::serveTcp);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the address of the server.
     *
     * @return 127.0.0.1 and its port
     */
    public InetSocketAddress address() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    /** Stops the server; its threads end. */
    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                Message reply = reply(query);
                if (reply != null) {
                    int limit = query.getOPT() == null
                            ? UDP_WITHOUT_EDNS
                            : Math.max(
                                    UDP_WITHOUT_EDNS,
                                    Math.min(UDP_WITH_EDNS, query.getOPT().getPayloadSize()));
                    byte[] octets = reply.toWire(limit);
                    udp.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // Not a query, or the server was closed.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                Message reply = reply(new Message(query));
                if (reply != null) {
                    byte[] octets = reply.toWire();
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(octets.length);
                    out.write(octets);
                    out.flush();
                }
            } catch (IOException e) {
                // The client dropped the connection, or the server was closed.
            }
        }
    }

    private @Nullable Message reply(Message query) {
        Record question = query.getQuestion();
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        if (question == null) {
            reply.getHeader().setRcode(Rcode.FORMERR);
            return reply;
        }
        reply.addRecord(question, Section.QUESTION);
        DnsAnswer answer = zone.query(question.getName(), question.getType())
                .toCompletableFuture()
                .join();
        if (answer instanceof Records records) {
            addAliases(reply, question.getName(), records.aliases(), records.ttl());
            records.records().forEach(record -> reply.addRecord(record, Section.ANSWER));
            records.additional().forEach(record -> reply.addRecord(record, Section.ADDITIONAL));
        } else if (answer instanceof Unavailable trouble) {
            if (trouble.cause() == Cause.TIMEOUT) {
                return null;
            }
            reply.getHeader().setRcode(trouble.cause() == Cause.REFUSED ? Rcode.REFUSED : Rcode.SERVFAIL);
        } else {
            addNegative(reply, question.getName(), answer);
        }
        return reply;
    }

    private static void addAliases(Message reply, Name asked, List<Name> targets, long ttl) {
        Name owner = asked;
        for (Name target : targets) {
            reply.addRecord(new CNAMERecord(owner, DClass.IN, ttl, target), Section.ANSWER);
            owner = target;
        }
    }

    private void addNegative(Message reply, Name asked, DnsAnswer answer) {
        Name zoneName;
        if (answer instanceof NoSuchDomain none) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            addAliases(reply, asked, none.aliases(), none.ttl());
            zoneName = none.soaOwner();
        } else {
            DnsAnswer.NoData none = (DnsAnswer.NoData) answer;
            addAliases(reply, asked, none.aliases(), none.ttl());
            zoneName = none.soaOwner();
        }
        if (zoneName != null
                && zone.query(zoneName, Type.SOA).toCompletableFuture().join() instanceof Records soa) {
            List<Record> found = soa.records();
            if (found.get(0) instanceof SOARecord record) {
                reply.addRecord(record, Section.AUTHORITY);
            }
        }
    }
}
