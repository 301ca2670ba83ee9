package org.senderauth.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * A resolver that queries one server over UDP alone. Truncated responses are returned as they are. What a response answers
 * is left to the caller to check. Thread-safe once it is set up.
 */
final class UdpResolver implements Resolver {

    private final InetSocketAddress server;
    private final UdpSockets sockets;
    private volatile OPTRecord opt = new OPTRecord(ResolverDnsClient.EDNS_PAYLOAD, 0, 0);
    private volatile Duration timeout = ResolverDnsClient.DEFAULT_TIMEOUT;

    UdpResolver(InetSocketAddress server) {
        this.server = server;
        this.sockets = new UdpSockets(server, System::nanoTime);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        OPTRecord edns = opt;
        Message asked = query.clone();
        asked.addRecord(edns, Section.ADDITIONAL);
        return sockets.exchange(asked.toWire(), edns.getPayloadSize(), timeout)
                .handleAsync(UdpResolver::parsed, executor);
    }

    // Failures too continue in the caller's threads: what waits in the receiving one would wait for itself.
    private static Message parsed(byte @Nullable [] response, @Nullable Throwable failure) {
        try {
            if (response == null) {
                throw new CompletionException(failure);
            }
            return new Message(response);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public Duration getTimeout() {
        return timeout;
    }

    @Override
    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        if (payloadSize > UdpSockets.MAX_DATAGRAM) {
            throw new IllegalArgumentException("payloadSize must be at most " + UdpSockets.MAX_DATAGRAM);
        }
        opt = new OPTRecord(payloadSize, 0, version, flags, options);
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        if (!flag) {
            throw new UnsupportedOperationException("truncated answers are returned");
        }
    }

    @Override
    public void setPort(int port) {
        throw new UnsupportedOperationException("the port is fixed");
    }

    @Override
    public void setTCP(boolean flag) {
        throw new UnsupportedOperationException("UDP only");
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw new UnsupportedOperationException("no TSIG");
    }

    @Override
    public String toString() {
        return "UdpResolver[" + server + "]";
    }
}
