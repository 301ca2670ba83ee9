import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackDnsServer;
import org.senderauth.testkit.SmtpTestClient;

/** The cases of docs/james.md in a whole Apache James. Arguments: its folder with lib and extensions-jars, and the guide. */
public final class WholeJames {

    private static final String REPORT =
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\nSubject: failure";
    private static final String STRANGER = "198.51.100.1";

    private final JamesHost james;
    private final MailElsewhere elsewhere;

    private WholeJames(JamesHost james, MailElsewhere elsewhere) {
        this.james = james;
        this.elsewhere = elsewhere;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String guide = Files.readString(Path.of(arguments[1]));
        try (LoopbackDnsServer dns = LoopbackDnsServer.serving(ZoneDnsClient.builder()
                        .text("""
                                example.net. 300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                                example.com. 300 IN TXT "v=spf1 -all"
                                _client._smtp.not.example.net. 300 IN SRV 1 1 1 not.example.net.
                                """)
                        .build());
                MailElsewhere elsewhere = new MailElsewhere();
                JamesHost james = new JamesHost(folder, guide, dns.address().getPort(), elsewhere.port())) {
            boolean passed = false;
            try {
                james.awaitStart();
                new WholeJames(james, elsewhere).cases();
                passed = true;
            } finally {
                if (!passed) {
                    System.out.println(james.log());
                }
            }
        }
    }

    private void cases() throws Exception {
        Dkim2Cases dkim2 = new Dkim2Cases(james, elsewhere);
        acceptsWhatPassesSpfAndPrependsTheResult();
        rejectsForgedSendersAndHosts();
        String tag = signsOnlyAuthenticatedMail();
        filtersBounces(tag);
        dkim2.signsWhatItSends();
        deliversItsOwnReportToATaggedSender();
        dkim2.ourSignatureProvesItsReport();
        forwardsWithSrsAndTakesBouncesBack();
        reportsOnForwardedMailToProvenSendersOnly();
        sustains400MessagesOver8Connections();
        String log = james.log();
        Check.check("James logs the reason of a rejection", log.contains("reason=") && log.contains("sender=<x@example.com>"));
        System.out.println("whole James: all cases passed");
    }

    private void acceptsWhatPassesSpfAndPrependsTheResult() throws IOException {
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            Check.expect("250", client.mail("joe@example.net", "alice@example.org", "spf pass"));
            Check.expect("550", client.mail("joe@example.net", "nobody@example.org", "unknown recipient"));
            // Two recipients, one of them unknown.
            client.say("RSET");
            Check.expect("250", client.say("MAIL FROM:<joe@example.net>"));
            Check.expect("250", client.say("RCPT TO:<alice@example.org>"));
            Check.expect("550", client.say("RCPT TO:<nobody@example.org>"));
            Check.expect("250", client.say("RCPT TO:<bob@example.org>"));
            Check.expect("354", client.say("DATA"));
            Check.expect("250", client.say("Subject: two recipients\r\n\r\ntext\r\n."));
        }
        String message = james.message("alice", "spf pass");
        Check.check("Received-SPF: " + message, message.contains("Received-SPF: pass "));
        Check.check("Authentication-Results", message.contains("Authentication-Results: mx.example.org;"));
        james.message("alice", "two recipients");
        james.message("bob", "two recipients");
    }

    private void rejectsForgedSendersAndHosts() throws IOException {
        try (SmtpTestClient client = james.client(STRANGER)) {
            Check.expect("550 5.7.23", client.mail("x@example.com", "alice@example.org", "forged"));
        }
        // CSV: the sender passes SPF, but the host is not authorized to use its HELO name.
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            client.say("HELO not.example.net");
            Check.expect("550 5.7.1", client.mail("joe@example.net", "alice@example.org", "forged name"));
        }
    }

    private String signsOnlyAuthenticatedMail() throws IOException {
        try (SmtpTestClient client = james.alice()) {
            Check.expect("250", client.mail("alice@example.org", "carol@example.net", "outbound"));
        }
        String sender = elsewhere.next().sender();
        Check.check(sender, Pattern.matches("(?i)prvs=[0-9a-f]{10}=alice@example\\.org", sender));
        return sender;
    }

    private void filtersBounces(String tag) throws IOException {
        try (SmtpTestClient client = james.client(STRANGER)) {
            Check.expect("250", bounce(client, tag, REPORT + " to a tag"));
            Check.expect("550 5.7.1", bounce(client, "alice@example.org", REPORT + " without a tag"));
            Check.expect("250", bounce(client, "alice@example.org", "Auto-Submitted: auto-replied\r\nSubject: away"));
            Check.expect("550 5.7.1", bounce(client, "prvs=1000123456=alice@example.org", REPORT));
            Check.expect("250", bounce(client, "postmaster@example.org", REPORT));
        }
        String delivered = james.message("alice", "failure to a tag");
        Check.check("the tag is stripped: " + delivered, delivered.contains("for <alice@example.org>"));
        james.message("alice", "away");
        Check.check("backscatter was delivered", !james.messages("alice").contains("failure without a tag"));
    }

    private void deliversItsOwnReportToATaggedSender() throws IOException {
        try (SmtpTestClient client = james.alice()) {
            Check.expect("250", client.mail("alice@example.org", "nobody@example.net", "to be returned"));
        }
        Await.until("James reports the failure to alice", () -> james.messages("alice").contains("no such user"));
    }

    private void forwardsWithSrsAndTakesBouncesBack() throws Exception {
        james.admin("address/groups/forward@example.org/carol@example.net", "");
        james.admin("address/groups/both@example.org/carol@example.net", "");
        james.admin("address/groups/both@example.org/alice@example.org", "");
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            Check.expect("250", client.mail("Joe=B@example.net", "forward@example.org", "forwarded"));
        }
        MailElsewhere.Mail forwarded = elsewhere.next();
        String rewritten = forwarded.sender();
        Check.check(rewritten, rewritten.matches("SRS0=[a-z2-7]{8}=[A-Z2-7]{2}=example\\.net=Joe=B@example\\.org"));
        Check.expect("carol@example.net", forwarded.recipient());

        try (SmtpTestClient client = james.client(STRANGER)) {
            Check.expect("250", bounce(client, rewritten, REPORT + " of forwarded mail"));
            String invalid = "550 5.1.1 Invalid or expired SRS address: no bounce to it is accepted";
            Check.expect(invalid, bounce(client, rewritten.replaceFirst("=[a-z2-7]{8}=", "=aaaaaaaa="), REPORT));
            Check.expect(invalid, bounce(client, rewritten.replace("=Joe=B@", "=Jim=B@"), REPORT));
        }
        MailElsewhere.Mail returned = elsewhere.next();
        Check.check("the bounce has a null sender", returned.sender().isEmpty());
        Check.expect("Joe=B@example.net", returned.recipient());
        Check.check(returned.text(), returned.text().contains("Subject: failure of forwarded mail"));

        // A second forwarder: the SRS0 of the first becomes SRS1, and one layer comes off again.
        String first = "SRS0=AbCd=EK=example.com=bob@example.net";
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            Check.expect("250", client.mail(first, "forward@example.org", "forwarded twice"));
        }
        rewritten = elsewhere.next().sender();
        Check.check(rewritten, rewritten.matches("SRS1=[a-z2-7]{8}=example\\.net==AbCd=EK=example\\.com=bob@example\\.org"));
        try (SmtpTestClient client = james.client(STRANGER)) {
            Check.expect("250", bounce(client, rewritten, REPORT + " of the second forwarder"));
        }
        returned = elsewhere.next();
        Check.check("the bounce has a null sender", returned.sender().isEmpty());
        Check.expect(first, returned.recipient());

        // One copy stays here and one is forwarded: only that one is rewritten.
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            Check.expect("250", client.mail("joe@example.net", "both@example.org", "to both"));
        }
        Check.check("the forwarded copy is rewritten", elsewhere.next().sender().startsWith("SRS0="));
        String kept = james.message("alice", "to both");
        Check.check(kept, kept.contains("Return-Path: <joe@example.net>"));
    }

    private void reportsOnForwardedMailToProvenSendersOnly() throws Exception {
        james.admin("address/groups/lost@example.org/nobody@example.net", "");
        try (SmtpTestClient client = james.client(STRANGER)) {
            // No SPF record: accepted and forwarded, but its sender may be forged.
            Check.expect("250", client.mail("bob@unknown.example", "lost@example.org", "not proven"));
        }
        elsewhere.awaitRejected(2);
        try (SmtpTestClient client = james.client("192.0.2.1")) {
            Check.expect("250", client.mail("joe@example.net", "lost@example.org", "proven"));
        }
        MailElsewhere.Mail report = elsewhere.next();
        Check.expect("joe@example.net", report.recipient());
        Check.check(report.text(), report.text().contains("no such user") && report.text().contains("Subject: proven"));
        Check.check("one report", !elsewhere.hasMore());
    }

    private void sustains400MessagesOver8Connections() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int connection = 0; connection < 8; connection++) {
            String number = "many " + connection;
            running.add(clients.submit(() -> {
                try (SmtpTestClient client = james.client("192.0.2.1")) {
                    for (int i = 0; i < 50; i++) {
                        Check.expect("250", client.mail("joe@example.net", "bob@example.org", number + "-" + i + "."));
                    }
                }
                return null;
            }));
        }
        for (Future<?> future : running) {
            future.get();
        }
        clients.shutdown();
        // James's mailbox in memory can fail after it has stored a message; James then stores it again.
        Await.until("bob has 400 different messages more", () -> james.subjects("bob", "many \\d-\\d+\\.") == 400);
    }

    private static String bounce(SmtpTestClient client, String recipient, String header) throws IOException {
        client.say("RSET");
        Check.expect("250", client.say("MAIL FROM:<>"));
        String reply = client.say("RCPT TO:<" + recipient + ">");
        if (!reply.startsWith("250")) {
            return reply;
        }
        Check.expect("354", client.say("DATA"));
        return client.say(header + "\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n.");
    }
}
