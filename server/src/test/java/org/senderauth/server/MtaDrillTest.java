package org.senderauth.server;

import static org.senderauth.server.MtaDrill.Fate.DEFERRED;
import static org.senderauth.server.MtaDrill.Fate.DELIVERED;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.server.MtaDrill.State;
import org.senderauth.testkit.SmtpTestClient;

/**
 * The drill of each mail server, as its guide configures it. Here the service is killed and comes back; a nightly build adds
 * {@code -Ddrill.states=stopped,killed,stalled}.
 */
@Timeout(900)
class MtaDrillTest {

    private static final String STRANGER = "127.0.0.11";

    @TempDir
    Path folder;

    private static List<State> states() {
        List<State> states = new ArrayList<>();
        for (String name : System.getProperty("drill.states", "killed").split(",")) {
            states.add(State.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return states;
    }

    private static void run(MtaDrill drill) throws Exception {
        drill.in(State.UP);
        for (State state : states()) {
            drill.in(state);
        }
    }

    @Test
    void postfix() throws Exception {
        // A stalled policy service costs two timeouts for each recipient, and two more at DATA.
        try (DocumentedPostfix postfix =
                        DocumentedPostfix.startImpatient(folder).enforce();
                PostfixDrill mta = new PostfixDrill(folder, postfix)) {
            run(new MtaDrill(
                    mta,
                    MtaDrill.flows(
                            DocumentedPostfix.tagged("alice@example.org", Duration.ZERO),
                            DocumentedPostfix.tagged("alice@example.org", Duration.ofDays(20)),
                            DELIVERED,
                            DEFERRED)));
        }
    }

    @Test
    void exim() throws Exception {
        DebianExim.need();
        try (MailSink sink = new MailSink(InetAddress.getByName(DebianExim.SMART_HOST));
                BatvService service = BatvService.startIn(folder);
                DebianExim exim = DebianExim.start(
                        folder,
                        DebianExim.Layout.UNSPLIT,
                        service,
                        sink,
                        guide -> guide.replace("{25s}", "{3s}").replace("{10s}", "{3s}"))) {
            run(new MtaDrill(
                    new BatvDrill(service, sink, DebianExim.OUR_USER, exim.port()),
                    MtaDrill.flows(
                            BatvService.tagged("alice@example.org", Duration.ZERO),
                            BatvService.tagged("alice@example.org", Duration.ofDays(20)),
                            DELIVERED,
                            DELIVERED)));
        }
    }

    @Test
    void sendmail() throws Exception {
        SendmailHost.need();
        try (MailSink sink = new MailSink();
                BatvService service = BatvService.startIn(folder);
                SendmailHost sendmail = SendmailHost.start(folder, service, sink)) {
            run(new MtaDrill(
                    new BatvDrill(service, sink, SendmailHost.OUR_USER, sendmail.port()),
                    MtaDrill.flows(
                            BatvService.tagged("alice@example.org", Duration.ZERO),
                            BatvService.tagged("alice@example.org", Duration.ofDays(20)),
                            DEFERRED,
                            DEFERRED)));
        }
    }

    private static final class PostfixDrill implements MtaDrill.Mta, AutoCloseable {

        private final Path folder;
        private final DocumentedPostfix postfix;
        private ServiceUnderTest service;
        private State state = State.UP;

        PostfixDrill(Path folder, DocumentedPostfix postfix) {
            this.folder = folder;
            this.postfix = postfix;
            this.service = ServiceUnderTest.start(folder, postfix);
        }

        @Override
        public SmtpTestClient outside() throws IOException {
            return postfix.outside(DocumentedPostfix.STRANGER);
        }

        @Override
        public SmtpTestClient inside() throws IOException {
            return postfix.submission();
        }

        @Override
        public MailSink sink() {
            return postfix.sink();
        }

        @Override
        public String mailbox(String name) {
            return (name.equals("postmaster") ? "alice" : name) + "@example.org";
        }

        @Override
        public void change(State wanted) {
            switch (wanted) {
                case STOPPED -> service.close();
                case KILLED -> service.signal("KILL");
                case STALLED -> service.signal("STOP");
                case UP -> {
                    if (state == State.STALLED) {
                        service.signal("CONT");
                    } else if (state != State.UP) {
                        service.close();
                        service = ServiceUnderTest.start(folder, postfix);
                    }
                }
            }
            state = wanted;
        }

        @Override
        public void close() {
            service.close();
        }
    }

    /** A mail server whose local mail goes to inner.example. */
    private static final class BatvDrill implements MtaDrill.Mta {

        private final BatvService service;
        private final MailSink sink;
        private final String user;
        private final int port;
        private State state = State.UP;

        BatvDrill(BatvService service, MailSink sink, String user, int port) {
            this.service = service;
            this.sink = sink;
            this.user = user;
            this.port = port;
        }

        @Override
        public SmtpTestClient outside() throws IOException {
            return SmtpTestClient.from(STRANGER, port);
        }

        @Override
        public SmtpTestClient inside() throws IOException {
            return SmtpTestClient.from(user, port);
        }

        @Override
        public MailSink sink() {
            return sink;
        }

        @Override
        public String mailbox(String name) {
            return (name.equals("postmaster") ? "root" : name) + "@inner.example";
        }

        @Override
        public void change(State wanted) {
            switch (wanted) {
                case STOPPED -> service.stop();
                case KILLED -> service.kill();
                case STALLED -> service.stall();
                case UP -> {
                    if (state == State.STALLED) {
                        service.resume();
                    } else if (state != State.UP) {
                        service.stop();
                        service.start();
                    }
                }
            }
            state = wanted;
        }
    }
}
