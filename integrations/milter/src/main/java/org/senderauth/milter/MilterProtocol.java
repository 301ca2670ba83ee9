package org.senderauth.milter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.postfix.MalformedRequestException;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.RequestInput;
import org.senderauth.postfix.ServerLimits;

/**
 * The milter protocol for an {@link MtaServer}: each connection has a {@link MilterSession}. While a handler works, and
 * where the MTA allows it, the MTA gets a progress packet every {@link #PROGRESS_INTERVAL}.
 * Thread-safe.
 */
public final class MilterProtocol implements Protocol<MilterCommand> {

    /** The time between two progress packets: Sendmail gives up after 10 seconds of silence. */
    public static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(3);

    /**
     * The time that a connection may wait for its next packet: as long as an SMTP client may be silent, at each of
     * several stages, and longer than any MTA keeps an idle one.
     */
    public static final Duration IDLE_TIME = Duration.ofHours(2);

    private static final int READ_OCTETS = 8 * 1024;

    private final MilterHandler handler;
    private final Executor executor;
    private final MilterObserver observer;
    private final Duration interval;

    /**
     * The protocol with a handler.
     *
     * @param handler decides
     * @param executor runs the handler where the MTA gets progress packets: one of virtual threads, or an unbounded pool
     * @param observer is notified of failures
     */
    public MilterProtocol(MilterHandler handler, Executor executor, MilterObserver observer) {
        this(handler, executor, observer, PROGRESS_INTERVAL);
    }

    MilterProtocol(MilterHandler handler, Executor executor, MilterObserver observer, Duration interval) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.observer = new GuardedMilterObserver(Objects.requireNonNull(observer, "observer"));
        this.interval = interval;
    }

    /**
     * The limits of a milter server.
     *
     * @param limits those of other servers
     * @return the same with {@link #IDLE_TIME}
     */
    public static ServerLimits limits(ServerLimits limits) {
        return limits.withIdleTime(IDLE_TIME);
    }

    @Override
    public Protocol<MilterCommand> connected() {
        return new Dialogue(new MilterSession(handler, observer));
    }

    @Override
    public MilterCommand read(RequestInput in) {
        throw new IllegalStateException("a milter connection is read by its own session");
    }

    @Override
    public Reply answer(MilterCommand command) {
        throw new IllegalStateException("a milter connection is answered by its own session");
    }

    /** One connection. */
    private final class Dialogue implements Protocol<MilterCommand> {

        private final MilterSession session;

        private Dialogue(MilterSession session) {
            this.session = session;
        }

        @Override
        public MilterCommand read(RequestInput in) throws IOException, MalformedRequestException {
            byte[] length = in.read(Integer.BYTES);
            long left = 0;
            for (byte octet : length) {
                left = left << 8 | octet & 0xff;
            }
            if (left < 1 || left > CommandCodec.MAX_PACKET_OCTETS) {
                observer.broken("a packet of no octets, or of more than " + CommandCodec.MAX_PACKET_OCTETS);
                throw new MalformedRequestException("a packet has 1 to " + CommandCodec.MAX_PACKET_OCTETS + " octets");
            }
            // Room is made for what has come, not for what was announced.
            ByteArrayOutputStream packet = new ByteArrayOutputStream((int) Math.min(left, READ_OCTETS));
            while (left > 0) {
                int part = (int) Math.min(left, READ_OCTETS);
                packet.writeBytes(in.read(part));
                left -= part;
            }
            return CommandCodec.parse(packet.toByteArray());
        }

        @Override
        public Reply answer(MilterCommand command) {
            return reply(session.answer(command));
        }

        @Override
        public Reply answer(MilterCommand command, Interim interim) throws IOException {
            if (!session.allowsProgress(command)) {
                return answer(command);
            }
            CompletableFuture<List<MilterAnswer>> answers =
                    CompletableFuture.supplyAsync(() -> session.answer(command), executor);
            while (true) {
                try {
                    return reply(answers.get(interval.toNanos(), TimeUnit.NANOSECONDS));
                } catch (TimeoutException e) {
                    interim.write(AnswerCodec.encode(Simple.PROGRESS));
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a session failed", e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }

        private Reply reply(List<MilterAnswer> answers) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            answers.forEach(answer -> octets.writeBytes(AnswerCodec.encode(answer)));
            return new Reply(octets.toByteArray(), !session.isEnded(), session.isInMessage());
        }
    }
}
