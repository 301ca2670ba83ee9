package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.senderauth.testkit.SmtpTestClient;

/**
 * All kinds of mail, at the same time, through a mail server that its guide configured: while the service runs, is stopped,
 * killed or stalled, and when it is back. Whatever the mail server accepts arrives once, at the address without its tag; what
 * would have been accepted is never rejected permanently; and each mail gets the reply that the guide promises.
 */
final class MtaDrill {

    /** What becomes of a mail. */
    enum Fate {
        /** Accepted, and it arrives. */
        DELIVERED,
        /** Rejected permanently. */
        REJECTED,
        /** Rejected temporarily; while the service is stalled the client may give up waiting instead. */
        DEFERRED
    }

    /** The state of the service. */
    enum State {
        UP,
        STOPPED,
        KILLED,
        STALLED
    }

    /** A mail server and its service. */
    interface Mta {
        /** A session of a host elsewhere. */
        SmtpTestClient outside() throws IOException;

        /** A session of one of our users. */
        SmtpTestClient inside() throws IOException;

        MailSink sink();

        /** Changes the state of the service; from any state but UP only to UP. */
        void change(State state) throws Exception;

        /** Where the mail of one of our mailboxes is delivered to. */
        String mailbox(String name);
    }

    /**
     * A mail.
     *
     * @param name what it is
     * @param from its sender
     * @param to its recipients
     * @param up its fate while the service runs
     * @param away its fate while it does not
     */
    record Flow(String name, boolean fromInside, String from, List<String> to, Fate up, Fate away) {

        static Flow in(String name, String from, String to, Fate up, Fate away) {
            return new Flow(name, false, from, List.of(to), up, away);
        }

        static Flow out(String name, String from, String to, Fate away) {
            return new Flow(name, true, from, List.of(to), Fate.DELIVERED, away);
        }

        Flow and(String recipient) {
            List<String> all = new ArrayList<>(to);
            all.add(recipient);
            return new Flow(name, fromInside, from, all, up, away);
        }
    }

    private final Mta mta;
    private final List<Flow> flows;
    // What the client gave up waiting for may arrive all the same, as with every client that does.
    private final Set<String> unclear = new HashSet<>();
    private int run;

    MtaDrill(Mta mta, List<Flow> flows) {
        this.mta = mta;
        this.flows = flows;
    }

    /**
     * The mails that every mail server must treat alike but for what its guide says of the time without the service.
     *
     * @param tagged a valid tag of alice
     * @param expired an expired one
     * @param untaggedBounceAway the fate of a bounce to an address without tag
     * @param signedAway the fate of mail of our users, from our domain to elsewhere
     */
    static List<Flow> flows(String tagged, String expired, Fate untaggedBounceAway, Fate signedAway) {
        String nobody = "nosuch@example.org";
        return List.of(
                Flow.in("ordinary mail", "bob@example.com", "alice@example.org", Fate.DELIVERED, Fate.DELIVERED),
                Flow.in("two recipients", "bob@example.com", "alice@example.org", Fate.DELIVERED, Fate.DELIVERED)
                        .and("bob@example.org"),
                Flow.in("genuine bounce", "", tagged, Fate.DELIVERED, Fate.DEFERRED),
                Flow.in(
                        "genuine bounce in capitals",
                        "",
                        tagged.toUpperCase(Locale.ROOT),
                        Fate.DELIVERED,
                        Fate.DEFERRED),
                Flow.in(
                        "read receipt to the header's address",
                        "",
                        "alice@example.org",
                        Fate.REJECTED,
                        untaggedBounceAway),
                Flow.in("vacation note to the sender", "", tagged, Fate.DELIVERED, Fate.DEFERRED),
                Flow.in("bounce to an expired tag", "", expired, Fate.REJECTED, Fate.DEFERRED),
                Flow.in(
                        "bounce to a forged tag",
                        "",
                        "prvs=0123abcdef=alice@example.org",
                        Fate.REJECTED,
                        Fate.DEFERRED),
                Flow.in(
                        "mail to a tag of an old key",
                        "bob@example.com",
                        "prvs=7787abcdef=alice@example.org",
                        Fate.DELIVERED,
                        Fate.DEFERRED),
                Flow.in(
                        "mail to IronPort's form",
                        "bob@example.com",
                        "btv1==787abcdef01==alice@example.org",
                        Fate.DELIVERED,
                        Fate.DEFERRED),
                Flow.in(
                        "mail to Barracuda's form",
                        "bob@example.com",
                        "prvs=787abcdef=alice@example.org",
                        Fate.DELIVERED,
                        Fate.DEFERRED),
                Flow.in("mail to nobody", "bob@example.com", nobody, Fate.REJECTED, Fate.REJECTED),
                // Rejected for one reason or the other.
                Flow.in(
                        "bounce to nobody",
                        "",
                        nobody,
                        Fate.REJECTED,
                        untaggedBounceAway == Fate.DEFERRED ? Fate.DEFERRED : Fate.REJECTED),
                Flow.in(
                        "mail to nobody's tag",
                        "bob@example.com",
                        "prvs=0000000000=" + nobody,
                        Fate.REJECTED,
                        Fate.DEFERRED),
                Flow.in("bounce to nobody's tag", "", "prvs=0000000000=" + nobody, Fate.REJECTED, Fate.DEFERRED),
                Flow.in("bounce to postmaster", "", "postmaster@example.org", Fate.DELIVERED, Fate.DELIVERED),
                Flow.out("post to a mailing list", "alice@example.org", "users@lists.example.com", signedAway),
                Flow.out("mail to two, one hidden", "alice@example.org", "carol@example.com", signedAway)
                        .and("dave@example.com"),
                Flow.out("null sender", "", "carol@example.com", Fate.DELIVERED),
                Flow.out("forwarded mail", "carol@example.com", "dave@example.com", Fate.DELIVERED));
    }

    /** Sends all mails in a state, and when the service is back. */
    void in(State state) throws Exception {
        mta.change(state);
        send(state);
        if (state != State.UP) {
            mta.change(State.UP);
            send(State.UP);
        }
    }

    private void send(State state) throws Exception {
        run++;
        ExecutorService clients = Executors.newCachedThreadPool();
        Map<Flow, String> replies = new LinkedHashMap<>();
        try {
            Map<Flow, Future<String>> running = new LinkedHashMap<>();
            flows.forEach(flow -> running.put(flow, clients.submit(() -> offer(flow))));
            for (var entry : running.entrySet()) {
                replies.put(entry.getKey(), entry.getValue().get());
            }
        } finally {
            clients.shutdownNow();
        }
        Map<String, Integer> expected = new HashMap<>();
        replies.forEach((flow, reply) -> {
            String what = state + ", " + flow.name() + ": " + reply;
            Fate fate = state == State.UP ? flow.up() : flow.away();
            switch (fate) {
                case DELIVERED -> {
                    assertThat(reply).as(what).startsWith("250");
                    expected.put(subject(flow), flow.to().size());
                }
                case REJECTED -> assertThat(reply).as(what).startsWith("5");
                case DEFERRED -> {
                    if (reply.isEmpty()) {
                        unclear.add(subject(flow));
                    }
                    assertThat(reply).as(what).matches(state == State.STALLED ? "4.*|" : "4.*");
                }
            }
        });
        assertArrives(expected);
    }

    /** Each mail arrives once for each of its recipients, without tags, and nothing else does. */
    private void assertArrives(Map<String, Integer> expected) {
        Map<String, Integer> missing = new HashMap<>(expected);
        while (!missing.isEmpty()) {
            MailSink.Mail mail = mta.sink().next();
            String subject = mail.lines().stream()
                    .filter(line -> line.startsWith("Subject: "))
                    .findFirst()
                    .orElse("")
                    .replaceFirst("^Subject: ", "");
            if (unclear.contains(subject)) {
                continue;
            }
            assertThat(missing)
                    .as("a mail that was not accepted, or again: " + mail)
                    .containsKey(subject);
            Flow flow = flows.stream()
                    .filter(known -> subject(known).equals(subject))
                    .findFirst()
                    .orElseThrow();
            mail.to().forEach(recipient -> assertRecipient(flow, recipient));
            assertThat(mail.from().startsWith("prvs="))
                    .as(subject + " from " + mail.from())
                    .isEqualTo(flow.fromInside() && flow.from().endsWith("@example.org"));
            missing.merge(subject, -mail.to().size(), Integer::sum);
            missing.remove(subject, 0);
        }
    }

    private void assertRecipient(Flow flow, String recipient) {
        List<String> wanted = flow.fromInside()
                ? flow.to()
                : flow.to().stream()
                        .map(address -> mta.mailbox(address.toLowerCase(Locale.ROOT)
                                .replaceAll("@.*", "")
                                .replaceAll(".*=", "")))
                        .toList();
        assertThat(recipient.toLowerCase(Locale.ROOT)).as(flow.name()).isIn(wanted);
    }

    private String subject(Flow flow) {
        return flow.name() + ", run " + run + ".";
    }

    // The last reply; empty if the client gave up, as one does that waits in vain.
    private String offer(Flow flow) {
        try (SmtpTestClient talk = flow.fromInside() ? mta.inside() : mta.outside()) {
            String reply = talk.say("MAIL FROM:<" + flow.from() + ">");
            for (String recipient : flow.to()) {
                reply = reply.startsWith("2") ? talk.say("RCPT TO:<" + recipient + ">") : reply;
            }
            if (!reply.startsWith("2")) {
                return reply;
            }
            reply = talk.say("DATA");
            return reply.startsWith("354") ? talk.say("Subject: " + subject(flow) + "\r\n\r\ntext\r\n.") : reply;
        } catch (SocketTimeoutException gaveUp) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(flow.name(), e);
        }
    }
}
