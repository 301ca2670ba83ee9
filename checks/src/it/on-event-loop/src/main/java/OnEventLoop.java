import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Stage;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfVerifier;

/** 1,000 sessions on two threads wait for name servers that never respond; honest sessions are answered meanwhile. */
final class OnEventLoop {

    private static final int STALLING = 1_000;
    private static final int HONEST = 20;
    private static final int THREADS = 2;

    /** Answers MAIL; any other command is of no interest here. */
    // docs: event loop
    static final class MailHandler extends SimpleChannelInboundHandler<ByteBuf> {

        private final SenderPolicy policy;

        MailHandler(SenderPolicy policy) {
            this.policy = policy;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
            String command = line.toString(StandardCharsets.UTF_8);
            String sender = command.substring(command.indexOf('<') + 1, command.indexOf('>'));
            InetAddress client = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
            Transaction transaction = Transaction.of(client, "client.example.net", sender);
            policy.decideAsync(transaction, Stage.MAIL)
                    .thenAccept(decision -> context.writeAndFlush(reply(decision)));
        }

        private static ByteBuf reply(Decision decision) {
            String reply = decision.smtpReply().map(Object::toString).orElse("250 2.1.0 OK");
            return Unpooled.copiedBuffer(reply + "\r\n", StandardCharsets.UTF_8);
        }
    }
    // docs: end

    public static void main(String[] arguments) throws Exception {
        DnsClient zone = ZoneDnsClient.builder()
                .text("example.net. 300 IN TXT \"v=spf1 ip4:127.0.0.1 -all\"\n"
                        + "example.com. 300 IN TXT \"v=spf1 -all\"\n")
                .build();
        Set<String> stalled = ConcurrentHashMap.newKeySet();
        CountDownLatch allStall = new CountDownLatch(STALLING);
        DnsClient dns = (name, type) -> {
            if (!name.toString().startsWith("stalling")) {
                return zone.query(name, type);
            }
            if (stalled.add(name.toString())) {
                allStall.countDown();
            }
            return new CompletableFuture<DnsAnswer>();
        };
        // No session may be answered by a timeout, however slow the machine is.
        SpfLimits patient = SpfLimits.builder()
                .time(Duration.ofHours(1))
                .queryTime(Duration.ofHours(1))
                .build();
        SpfVerifier spf = SpfVerifier.builder().dns(dns).limits(patient).build();
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .spf(spf, SpfStrictness.FAIL_ONLY)
                .deadline(Duration.ofHours(1))
                .maxPending(2 * STALLING)
                .build();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
        List<Socket> sockets = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        try {
            Channel server = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new LineBasedFrameDecoder(1_000), new MailHandler(policy));
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            for (int i = 0; i < STALLING; i++) {
                sockets.add(say(port, "x@stalling" + i + ".example"));
            }
            check("all names stall", allStall.await(5, TimeUnit.MINUTES));
            for (int i = 0; i < HONEST; i++) {
                check("an honest sender is accepted", ask(port, "bob@example.net").startsWith("250 "));
                check("a forged sender is rejected", ask(port, "bob@example.com").startsWith("550 5.7.23 "));
                answered.addAndGet(2);
            }
            for (Socket socket : sockets) {
                check("no stalling session has an answer", socket.getInputStream().available() == 0);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
        System.out.println(answered + " answers while " + stalled.size() + " sessions wait, on " + THREADS + " threads");
        System.exit(0);
    }

    private static Socket say(int port, String sender) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.getOutputStream().write(("MAIL FROM:<" + sender + ">\r\n").getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String ask(int port, String sender) throws IOException {
        try (Socket socket = say(port, sender)) {
            socket.setSoTimeout(300_000);
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
        }
    }

    private static void check(String what, boolean holds) {
        if (!holds) {
            throw new IllegalStateException("not true: " + what);
        }
    }
}
