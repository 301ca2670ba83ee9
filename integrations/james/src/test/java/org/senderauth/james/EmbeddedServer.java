package org.senderauth.james;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.netty.NettyServer;
import org.apache.james.protocols.smtp.MailEnvelope;
import org.apache.james.protocols.smtp.SMTPConfigurationImpl;
import org.apache.james.protocols.smtp.SMTPProtocol;
import org.apache.james.protocols.smtp.SMTPProtocolHandlerChain;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.apache.james.protocols.smtp.core.DataLineMessageHookHandler;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MessageHook;

/** An SMTP server of James Protocols on loopback, with a proxy that passes the client's address. Keeps accepted mail. */
final class EmbeddedServer implements AutoCloseable {

    /** A message as it was taken. */
    record Taken(String sender, List<String> recipients, List<String> lines) {}

    private final NettyServer server;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();

    private EmbeddedServer(List<ProtocolHandler> handlers, SMTPConfigurationImpl configuration, int ioWorkerCount)
            throws Exception {
        List<ProtocolHandler> first = new ArrayList<>(handlers);
        List<ProtocolHandler> filters =
                handlers.stream().filter(DataLineFilter.class::isInstance).toList();
        first.removeAll(filters);
        SMTPProtocolHandlerChain chain = new SMTPProtocolHandlerChain(new NoMetrics());
        chain.addAll(0, first);
        int sink = chain.indexOf(
                chain.getHandlers(DataLineMessageHookHandler.class).getFirst());
        filters.forEach(filter -> chain.add(sink, filter));
        chain.add((MessageHook) this::take);
        chain.wireExtensibleHandlers();
        server = new NettyServer.Factory()
                .protocol(new SMTPProtocol(chain, configuration))
                .proxyRequired(true)
                .build();
        if (ioWorkerCount > 0) {
            server.setIoWorkerCount(ioWorkerCount);
        }
        server.setGracefulShutdown(false);
        server.setListenAddresses(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.bind();
    }

    /** Starts a server with these handlers before its own, and the filters among them before the one that accepts mail. */
    static EmbeddedServer with(ProtocolHandler... first) throws Exception {
        return new EmbeddedServer(List.of(first), new SMTPConfigurationImpl(), 0);
    }

    /** Starts a server with this number of I/O threads. */
    static EmbeddedServer withWorkers(int ioWorkerCount, ProtocolHandler... first) throws Exception {
        return new EmbeddedServer(List.of(first), new SMTPConfigurationImpl(), ioWorkerCount);
    }

    /** Starts a server that offers AUTH, too. */
    static EmbeddedServer withAuth(ProtocolHandler... first) throws Exception {
        return new EmbeddedServer(
                List.of(first),
                new SMTPConfigurationImpl() {
                    @Override
                    public boolean isAuthAnnounced(String remoteIp, boolean tlsStarted) {
                        return true;
                    }
                },
                0);
    }

    int port() {
        return server.getListenAddresses().get(0).getPort();
    }

    List<Taken> taken() {
        return taken;
    }

    private HookResult take(SMTPSession session, MailEnvelope envelope) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (var in = envelope.getMessageInputStream()) {
            in.transferTo(message);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        taken.add(new Taken(
                envelope.getMaybeSender().asString(""),
                envelope.getRecipients().stream().map(Object::toString).toList(),
                message.toString(StandardCharsets.UTF_8).lines().toList()));
        return HookResult.OK;
    }

    @Override
    public void close() {
        server.unbind();
    }
}
