package org.senderauth.ses;

import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread's UDP socket: receives a query, answers it, receives the next. Answers that wait for the ledger follow. */
final class UdpListener implements Runnable, Closeable {

    /** Queries whose answer waits for the ledger; further ones are dropped, as a lost packet is. */
    static final int MAX_WAITING = 1024;

    private static final int SOCKET_BUFFER = 1 << 20;
    // A query is a question and an OPT record; what is longer than this is cut off, and so FORMERR.
    private static final int MAX_QUERY = 2048;

    private static final System.Logger LOG = System.getLogger(UdpListener.class.getName());

    private final DatagramChannel channel;
    private final DnsResponder responder;
    private final @Nullable ResponseRateLimiter rate;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private boolean stopping;

    private UdpListener(DatagramChannel channel, DnsResponder responder, @Nullable ResponseRateLimiter rate) {
        this.channel = channel;
        this.responder = responder;
        this.rate = rate;
    }

    /**
     * Binds a socket.
     *
     * @param shared whether further listeners bind the same port, for the kernel to share out the queries
     */
    static UdpListener open(
            InetSocketAddress address, boolean shared, DnsResponder responder, @Nullable ResponseRateLimiter rate)
            throws IOException {
        // A socket for both versions of IP costs a tenth more for each packet, and takes "0.0.0.0" for both.
        boolean onlyVersion4 = address.getAddress() instanceof Inet4Address ip && !ip.isAnyLocalAddress();
        DatagramChannel channel =
                onlyVersion4 ? DatagramChannel.open(StandardProtocolFamily.INET) : DatagramChannel.open();
        try {
            if (shared) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
            channel.bind(address);
            return new UdpListener(channel, responder, rate);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void run() {
        ByteBuffer in = ByteBuffer.allocateDirect(MAX_QUERY);
        ByteBuffer out = ByteBuffer.allocateDirect(DnsResponder.MAX_UDP);
        while (channel.isOpen()) {
            try {
                in.clear();
                SocketAddress client = channel.receive(in);
                if (client instanceof InetSocketAddress known) {
                    byte[] query = new byte[in.flip().remaining()];
                    in.get(query);
                    answer(query, known, out);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // A client's ICMP error, for instance; the next query has nothing to do with it.
                LOG.log(System.Logger.Level.DEBUG, "udp", e);
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(System.Logger.Level.WARNING, "udp: a query without an answer", e);
            }
        }
    }

    // Not at the same time as stop(): when it returns, all queries accepted before are answered or waiting.
    private synchronized void answer(byte[] query, InetSocketAddress client, ByteBuffer out) throws IOException {
        if (stopping) {
            return;
        }
        DnsQuery parsed = DnsQuery.parse(query);
        if (parsed == null) {
            return;
        }
        InetAddress address = client.getAddress();
        ResponseRateLimiter.Verdict verdict = rate == null || responder.hasValidCookie(parsed, address)
                ? ResponseRateLimiter.Verdict.SEND
                : rate.count(address);
        if (verdict == ResponseRateLimiter.Verdict.DROP) {
            return;
        }
        if (verdict == ResponseRateLimiter.Verdict.SLIP) {
            send(responder.limited(parsed, address), client, out);
            return;
        }
        CompletableFuture<byte @Nullable []> answer =
                responder.answer(parsed, address, true).toCompletableFuture();
        if (answer.isDone()) {
            send(answer.join(), client, out);
            return;
        }
        if (!waiting.tryAcquire()) {
            return;
        }
        answer.whenComplete((octets, failure) -> {
            try {
                send(octets, client, ByteBuffer.allocate(DnsResponder.MAX_UDP));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "udp", e);
            } finally {
                waiting.release();
            }
        });
    }

    private void send(byte @Nullable [] answer, InetSocketAddress client, ByteBuffer out) throws IOException {
        if (answer != null) {
            out.clear().put(answer).flip();
            channel.send(out, client);
        }
    }

    /** Accepts no more queries; responses that wait for the ledger are still sent. */
    synchronized void stop() {
        stopping = true;
    }

    /** Waits until no response waits for the ledger, within a time limit. */
    void awaitAnswers(long nanos) throws InterruptedException {
        if (waiting.tryAcquire(MAX_WAITING, nanos, TimeUnit.NANOSECONDS)) {
            waiting.release(MAX_WAITING);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
