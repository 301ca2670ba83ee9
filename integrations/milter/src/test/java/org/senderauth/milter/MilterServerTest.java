package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfHeaders;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Macro;
import org.senderauth.milter.MilterCommand.Macros;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Quit;
import org.senderauth.milter.MilterCommand.Rcpt;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.postfix.ServerObserver;

/** The protocol over real sockets, with MTAs that keep to it and others. */
@Timeout(120)
class MilterServerTest {

    private static final ServerLimits PATIENT = MilterProtocol.limits(ServerLimits.DEFAULT);

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final BlockingQueue<ServerObserver.CloseReason> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private final AtomicInteger decided = new AtomicInteger();
    private final CountDownLatch mayDecide = new CountDownLatch(1);
    private boolean decidesAtOnce = true;
    private int fieldsAdded;

    private final ServerObserver observer = new ServerObserver() {
        @Override
        public void closed(CloseReason end) {
            ends.add(end);
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(String.valueOf(cause));
        }
    };

    private final MilterHandler handler = new MilterHandler() {
        @Override
        public MilterNeeds needs() {
            return MilterNeeds.builder()
                    .actions(java.util.Set.of(MilterAction.ADD_HEADERS))
                    .contentBytes(64 * 1024)
                    .build();
        }

        @Override
        public ForMessage message(MilterMessage message) {
            return new ForMessage() {
                @Override
                public MilterVerdict recipient(MilterPath recipient) {
                    await();
                    return MilterVerdict.CONTINUE;
                }

                @Override
                public MilterVerdict end(MilterChanges changes) {
                    await();
                    decided.incrementAndGet();
                    for (int i = 0; i < fieldsAdded; i++) {
                        changes.addHeader("X-Long", "x".repeat(900));
                    }
                    return MilterVerdict.CONTINUE;
                }
            };
        }
    };

    private void await() {
        try {
            if (!decidesAtOnce && !mayDecide.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the test never let it go on");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private MtaServer start(ServerLimits limits) throws IOException {
        return MtaServer.builder(new MilterProtocol(handler, pool, MilterObserver.NONE, Duration.ofMillis(1)), pool)
                .limits(limits)
                .observer(observer)
                .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static ServerLimits quick(Duration request, Duration idle) {
        return PATIENT.toBuilder().requestTime(request).idleTime(idle).build();
    }

    private static Socket connect(MtaServer server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address());
        return socket;
    }

    private static void say(Socket socket, MilterCommand... commands) throws IOException {
        for (MilterCommand command : commands) {
            socket.getOutputStream().write(CommandCodec.encode(command));
        }
    }

    private static MilterAnswer hear(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return AnswerCodec.parse(in.readNBytes(in.readInt()));
    }

    private static void begin(Socket socket) throws IOException {
        say(socket, new Negotiate(6, 0x1ff, 0x1fffff), new Connect("c", '4', 25, "192.0.2.1"));
        assertThat(hear(socket)).isInstanceOf(MilterAnswer.Negotiated.class);
        assertThat(hear(socket)).isEqualTo(Simple.CONTINUE);
    }

    private ServerObserver.CloseReason end() throws InterruptedException {
        return ends.poll(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1024 * 1024 + 1, Integer.MAX_VALUE, 0x80000000, 0xffffffff})
    void closesConnectionOnInvalidPacketLength(int length) throws Exception {
        try (MtaServer server = start(PATIENT);
                Socket socket = connect(server)) {
            socket.getOutputStream().write(ByteBuffer.allocate(4).putInt(length).array());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(end()).isEqualTo(ServerObserver.CloseReason.BROKEN);
            assertThat(failures).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0000000d4f0000", "000fffff42", "0000000d4f00000006000001ff001fffff0000"})
    void halfAPacketIsWaitedForOnlySoLong(String hex) throws Exception {
        ServerLimits impatient = quick(Duration.ofMillis(50), Duration.ofDays(1));
        try (MtaServer server = start(impatient);
                Socket socket = connect(server)) {
            socket.getOutputStream().write(java.util.HexFormat.of().parseHex(hex));
            socket.getInputStream().readAllBytes();
            assertThat(end()).isEqualTo(ServerObserver.CloseReason.TIMEOUT);
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void silenceIsBorneForTheIdleTime() throws Exception {
        try (MtaServer server = start(quick(PATIENT.requestTime(), Duration.ofMillis(50)));
                Socket socket = connect(server)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(end()).isEqualTo(ServerObserver.CloseReason.TIMEOUT);
        }
    }

    @Test
    void dropsPeerThatEndsInsidePacket() throws Exception {
        try (MtaServer server = start(PATIENT)) {
            try (Socket socket = connect(server)) {
                begin(socket);
                say(socket, new Mail("<a@b.example>", List.of()));
                hear(socket);
                socket.getOutputStream().write(new byte[] {0, 0, 0, 9, 'R', '<'});
            }
            assertThat(end()).isIn(ServerObserver.CloseReason.BROKEN, ServerObserver.CloseReason.LOST);
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void closesWithoutReplyOnMisplacedCommand() throws Exception {
        try (MtaServer server = start(PATIENT);
                Socket socket = connect(server)) {
            begin(socket);
            say(socket, new EndOfMessage(""));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void closesConnectionOfMtaThatReadsNothing() throws Exception {
        ServerLimits impatient = PATIENT.toBuilder()
                .connections(10)
                .writeTime(Duration.ofMillis(50))
                .stopTime(Duration.ZERO)
                .build();
        try (MtaServer server = start(impatient);
                Socket socket = connect(server)) {
            fieldsAdded = 5_000;
            begin(socket);
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        say(socket, new Mail("<a@b.example>", List.of()), new EndOfMessage(""));
                    }
                } catch (IOException e) {
                    // The server has left, as it should.
                }
            });
            writer.start();
            writer.join();
            assertThat(end()).isIn(ServerObserver.CloseReason.TIMEOUT, ServerObserver.CloseReason.LOST);
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void slowDecisionsAreAnnouncedWhereTheMtaAllowsIt() throws Exception {
        decidesAtOnce = false;
        try (MtaServer server = start(PATIENT);
                Socket socket = connect(server)) {
            begin(socket);
            say(
                    socket,
                    new Macros('C', List.of(new Macro("v", "Postfix 3.7.11"))),
                    new Mail("<a@b.example>", List.of()));
            assertThat(last(socket)).isEqualTo(Simple.CONTINUE);
            say(socket, new Rcpt("<a@b.example>", List.of()));
            assertThat(hear(socket)).isEqualTo(Simple.PROGRESS);
            assertThat(hear(socket)).isEqualTo(Simple.PROGRESS);
            mayDecide.countDown();
            assertThat(last(socket)).isEqualTo(Simple.CONTINUE);
        }
    }

    @Test
    void reportsProgressAtEndOfMessageOnly() throws Exception {
        try (MtaServer server = start(PATIENT);
                Socket socket = connect(server)) {
            begin(socket);
            say(socket, new Mail("<a@b.example>", List.of()), new Rcpt("<a@b.example>", List.of()));
            assertThat(hear(socket)).isEqualTo(Simple.CONTINUE);
            assertThat(hear(socket)).isEqualTo(Simple.CONTINUE);
            decidesAtOnce = false;
            say(socket, new Data(), new EndOfHeaders(), new EndOfMessage(""));
            assertThat(hear(socket)).isEqualTo(Simple.PROGRESS);
            mayDecide.countDown();
            assertThat(last(socket)).isEqualTo(Simple.CONTINUE);
        }
    }

    private static MilterAnswer last(Socket socket) throws IOException {
        MilterAnswer answer = hear(socket);
        while (answer == Simple.PROGRESS) {
            answer = hear(socket);
        }
        return answer;
    }

    @Test
    void stopFinishesMessageAndClosesIdleConnections() throws Exception {
        MtaServer server = start(PATIENT);
        try (Socket open = connect(server);
                Socket idle = connect(server)) {
            begin(open);
            begin(idle);
            say(open, new Mail("<a@b.example>", List.of()));
            hear(open);
            Thread stop = new Thread(server::close);
            stop.start();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            say(open, new Rcpt("<a@b.example>", List.of()), new EndOfHeaders(), new EndOfMessage(""));
            assertThat(hear(open)).isEqualTo(Simple.CONTINUE);
            assertThat(last(open)).isEqualTo(Simple.CONTINUE);
            assertThat(open.getInputStream().read()).isEqualTo(-1);
            stop.join();
            assertThat(decided).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1fffff, 0x1ffbff, 0})
    void passes25MiBMessageWithAnyOffer(int options) throws Exception {
        try (MtaServer server = start(PATIENT);
                Socket socket = connect(server)) {
            say(socket, new Negotiate(6, 0x1ff, options), new Connect("c", '4', 25, "192.0.2.1"));
            MilterAnswer.Negotiated agreed = (MilterAnswer.Negotiated) hear(socket);
            hear(socket);
            say(socket, new Mail("<a@b.example>", List.of()), new Rcpt("<a@b.example>", List.of()));
            hear(socket);
            hear(socket);
            say(socket, new EndOfHeaders());
            if (!MilterOption.NO_REPLY_END_OF_HEADERS.in(agreed.options())) {
                assertThat(hear(socket)).isEqualTo(Simple.CONTINUE);
            }
            Body chunk = new Body("x".repeat(65_535));
            MilterAnswer answer = Simple.CONTINUE;
            for (int i = 0; i < 400 && answer == Simple.CONTINUE; i++) {
                say(socket, chunk);
                if (!MilterOption.NO_REPLY_BODY.in(agreed.options())) {
                    answer = hear(socket);
                }
            }
            assertThat(answer).isEqualTo(MilterOption.SKIP.in(agreed.options()) ? Simple.SKIP : Simple.CONTINUE);
            say(socket, new EndOfMessage(""));
            assertThat(last(socket)).isEqualTo(Simple.CONTINUE);
            say(socket, new Quit());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(end()).isEqualTo(ServerObserver.CloseReason.PEER);
        }
    }
}
