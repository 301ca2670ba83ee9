import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.senderauth.batv.MessageContent;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2Verdict;
import org.senderauth.dkim2.Dkim2Verifier;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackDnsServer;
import org.senderauth.testkit.LoopbackPorts;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;
import org.senderauth.testkit.SmtpTestClient;

/** The cases of docs/james.md in a whole Apache James. Arguments: its folder with lib and extensions-jars, and the guide. */
public final class WholeJames {

    private static final String REPORT =
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\nSubject: failure";
    private static final String STRANGER = "198.51.100.1";

    private final int smtp = LoopbackPorts.free();
    private final int submission = LoopbackPorts.free();
    private final int imap = LoopbackPorts.free();
    private final int webadmin = LoopbackPorts.free();
    // What the mail server of all other domains received: senders, recipients and messages.
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> sentTo = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> sentMessages = new ConcurrentLinkedQueue<>();
    private final KeyPair dkim2Keys = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path guide = Path.of(arguments[1]);
        new WholeJames().run(folder, Files.readString(guide));
    }

    private void run(Path folder, String guide) throws Exception {
        try (LoopbackDnsServer dns = LoopbackDnsServer.serving(ZoneDnsClient.builder()
                        .text("""
                                example.net. 300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                                example.com. 300 IN TXT "v=spf1 -all"
                                _client._smtp.not.example.net. 300 IN SRV 1 1 1 not.example.net.
                                """)
                        .build());
                ScriptedSmtpServer remote = ScriptedSmtpServer.start(SmtpRules.mailServer("8BITMIME")
                        .act("MAIL", peer -> {
                            sent.add(last(peer));
                            peer.say("250 2.1.0 OK");
                        })
                        .act("RCPT", peer -> {
                            sentTo.add(last(peer));
                            peer.say("250 2.1.5 OK");
                        })
                        .answer("RCPT TO:<nobody@", "550 5.1.1 no such user")
                        .act("DATA", this::data))) {
            configure(folder, guide, remote.port());
            Process james = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Xmx512m",
                            "-Dworking.directory=.",
                            "-Dlogback.configurationFile=conf/logback.xml",
                            "-Ddns.server=127.0.0.1:" + dns.address().getPort(),
                            "-cp",
                            "lib/*",
                            "org.apache.james.MemoryJamesServerMain")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("james.log").toFile())
                    .start();
            boolean passed = false;
            try {
                Await.until("James listens", () -> !james.isAlive() || listens(imap) && listens(smtp) && listens(webadmin));
                cases(folder);
                passed = true;
            } finally {
                james.destroy();
                james.waitFor();
                if (!passed) {
                    System.out.println(Files.readString(folder.resolve("james.log")));
                }
            }
        }
    }

    private void cases(Path folder) throws Exception {
        admin("domains/example.org", "");
        for (String user : List.of("alice", "bob", "postmaster")) {
            admin("users/" + user + "@example.org", "{\"password\":\"secret\"}");
        }
        acceptsWhatPassesSpfAndPrependsTheResult();
        rejectsForgedSendersAndHosts();
        String tag = signsOnlyAuthenticatedMail();
        filtersBounces(tag);
        signsWhatItSends();
        deliversItsOwnReportToATaggedSender();
        ourSignatureProvesItsReport();
        forwardsWithSrsAndTakesBouncesBack();
        reportsOnForwardedMailToProvenSendersOnly();
        sustains400MessagesOver8Connections();
        String log = Files.readString(folder.resolve("james.log"));
        check("James logs the reason of a rejection", log.contains("reason=") && log.contains("sender=<x@example.com>"));
        System.out.println("whole James: all cases passed");
    }

    private void acceptsWhatPassesSpfAndPrependsTheResult() throws IOException {
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            expect("250", client.mail("joe@example.net", "alice@example.org", "spf pass"));
            expect("550", client.mail("joe@example.net", "nobody@example.org", "unknown recipient"));
            // Two recipients, one of them unknown.
            client.say("RSET");
            expect("250", client.say("MAIL FROM:<joe@example.net>"));
            expect("250", client.say("RCPT TO:<alice@example.org>"));
            expect("550", client.say("RCPT TO:<nobody@example.org>"));
            expect("250", client.say("RCPT TO:<bob@example.org>"));
            expect("354", client.say("DATA"));
            expect("250", client.say("Subject: two recipients\r\n\r\ntext\r\n."));
        }
        String message = message("alice", "spf pass");
        check("Received-SPF: " + message, message.contains("Received-SPF: pass "));
        check("Authentication-Results", message.contains("Authentication-Results: mx.example.org;"));
        message("alice", "two recipients");
        message("bob", "two recipients");
    }

    private void rejectsForgedSendersAndHosts() throws IOException {
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, STRANGER)) {
            expect("550 5.7.23", client.mail("x@example.com", "alice@example.org", "forged"));
        }
        // CSV: the sender passes SPF, but the host is not authorized to use its HELO name.
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            client.say("HELO not.example.net");
            expect("550 5.7.1", client.mail("joe@example.net", "alice@example.org", "forged name"));
        }
    }

    private String signsOnlyAuthenticatedMail() throws IOException {
        try (SmtpTestClient client = SmtpTestClient.with(submission)) {
            expect("235", client.say("AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA=="));
            expect("250", client.mail("alice@example.org", "carol@example.net", "outbound"));
        }
        Await.until("the message is sent", () -> !sent.isEmpty());
        String line = sent.remove();
        check(line, Pattern.matches("(?i)MAIL FROM:<prvs=[0-9a-f]{10}=alice@example\\.org>.*", line));
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private void filtersBounces(String tag) throws IOException {
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, STRANGER)) {
            expect("250", bounce(client, tag, REPORT + " to a tag"));
            expect("550 5.7.1", bounce(client, "alice@example.org", REPORT + " without a tag"));
            expect("250", bounce(client, "alice@example.org", "Auto-Submitted: auto-replied\r\nSubject: away"));
            expect("550 5.7.1", bounce(client, "prvs=1000123456=alice@example.org", REPORT));
            expect("250", bounce(client, "postmaster@example.org", REPORT));
        }
        String delivered = message("alice", "failure to a tag");
        check("the tag is stripped: " + delivered, delivered.contains("for <alice@example.org>"));
        message("alice", "away");
        check("backscatter was delivered", !messages("alice").contains("failure without a tag"));
    }

    private void signsWhatItSends() throws IOException {
        Await.until("the message before is sent", () -> !sentMessages.isEmpty());
        for (String message : List.of(
                "To: carol@example.net\r\nSubject: plain\r\n\r\nHello\r\n..dot\r\n\r\n",
                "To: carol@example.net\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n",
                "To: carol@example.net\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8gQ2Fyb2w=\r\n",
                "To: carol@example.net\r\nBcc: dave@example.net\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n--b--\r\n")) {
            sent.clear();
            sentMessages.clear();
            try (SmtpTestClient client = SmtpTestClient.with(submission)) {
                expect("235", client.say("AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA=="));
                expect("250", client.say("MAIL FROM:<alice@example.org>"));
                expect("250", client.say("RCPT TO:<carol@example.net>"));
                expect("354", client.say("DATA"));
                expect("250", client.say("From: alice@example.org\r\n" + message + "."));
            }
            Await.until("the message is sent", () -> !sentMessages.isEmpty());
            String line = sent.remove();
            String sender = line.substring(line.indexOf('<'), line.indexOf('>') + 1);
            String received = sentMessages.remove();
            Dkim2Verdict verdict = Dkim2Verifier.builder()
                    .dns(ZoneDnsClient.builder().text(keyRecord()).build())
                    .build()
                    .verify(received.getBytes(StandardCharsets.UTF_8), sender, List.of("<carol@example.net>"))
                    .verdict();
            check(verdict + " of " + sender + "\n" + received, verdict == Dkim2Verdict.PASS);
        }
    }

    private String keyRecord() {
        String record = Dkim2SigningKey.record(dkim2Keys.getPublic());
        return "mail._domainkey.example.org. 300 IN TXT \"" + record.substring(0, 200) + "\" \"" + record.substring(200)
                + "\"\n";
    }

    // As it would arrive at our host, had another host's James made it.
    private void ourSignatureProvesItsReport() {
        String all = messages("alice");
        String report = report(all, "no such user");
        Pattern path = Pattern.compile("mf=([A-Za-z0-9+/=\\s]+);");
        java.util.regex.Matcher matcher = path.matcher(report);
        check("the report returns our signature: " + report, matcher.find());
        String to = new String(
                java.util.Base64.getMimeDecoder().decode(matcher.group(1)), StandardCharsets.UTF_8);
        check("a tagged sender: " + to, to.startsWith("<prvs="));
        MessageContent content = MessageContent.of(report.getBytes(StandardCharsets.UTF_8));
        check("James's report is a bounce: " + content, content.kind().isBounce());
        expect(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT, report, to, InstantSource.system());
        expect(Dkim2BounceVerdict.WRONG_RECIPIENT, report, "<bob@example.org>", InstantSource.system());
        expect(
                Dkim2BounceVerdict.EXPIRED,
                report,
                to,
                InstantSource.offset(InstantSource.system(), Duration.ofDays(15)));
        expect(
                Dkim2BounceVerdict.ALTERED,
                report.replace("Subject: to be returned", "Subject: other"),
                to,
                InstantSource.system());
        expect(
                Dkim2BounceVerdict.FORGED,
                report.replace("Message-Instance: m=1;", "Message-Instance: m=1; x=y;"),
                to,
                InstantSource.system());
    }

    private void expect(Dkim2BounceVerdict expected, String report, String to, InstantSource clock) {
        Dkim2BounceVerdict verdict = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", dkim2Keys.getPublic())
                        .build())
                .clock(clock)
                .build()
                .verify(report.getBytes(StandardCharsets.UTF_8), "<>", List.of(to))
                .verdict();
        check("expected " + expected + ", was " + verdict + " to " + to + "\n" + report, verdict == expected);
    }

    // The message that contains a text, as IMAP shows it between two others.
    private static String report(String all, String text) {
        for (String message : all.split("(?m)^\\* \\d+ FETCH .*\n")) {
            if (message.contains(text)) {
                return message.replace("\n", "\r\n");
            }
        }
        throw new IllegalStateException("no message has: " + text);
    }

    private void deliversItsOwnReportToATaggedSender() throws IOException {
        try (SmtpTestClient client = SmtpTestClient.with(submission)) {
            expect("235", client.say("AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA=="));
            expect("250", client.mail("alice@example.org", "nobody@example.net", "to be returned"));
        }
        Await.until("James reports the failure to alice", () -> messages("alice").contains("no such user"));
    }

    private void forwardsWithSrsAndTakesBouncesBack() throws Exception {
        admin("address/groups/forward@example.org/carol@example.net", "");
        admin("address/groups/both@example.org/carol@example.net", "");
        admin("address/groups/both@example.org/alice@example.org", "");
        forget();
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            expect("250", client.mail("Joe=B@example.net", "forward@example.org", "forwarded"));
        }
        String rewritten = nextSender();
        check(rewritten, rewritten.matches("SRS0=[a-z2-7]{8}=[A-Z2-7]{2}=example\\.net=Joe=B@example\\.org"));
        expect("RCPT TO:<carol@example.net>", sentTo.remove());

        forget();
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, STRANGER)) {
            expect("250", bounce(client, rewritten, REPORT + " of forwarded mail"));
            String invalid = "550 5.1.1 Invalid or expired SRS address: no bounce to it is accepted";
            expect(invalid, bounce(client, rewritten.replaceFirst("=[a-z2-7]{8}=", "=aaaaaaaa="), REPORT));
            expect(invalid, bounce(client, rewritten.replace("=Joe=B@", "=Jim=B@"), REPORT));
        }
        check("the bounce has a null sender", nextSender().isEmpty());
        expect("RCPT TO:<Joe=B@example.net>", sentTo.remove());
        String returned = sentMessages.remove();
        check(returned, returned.contains("Subject: failure of forwarded mail"));

        // A second forwarder: the SRS0 of the first becomes SRS1, and one layer comes off again.
        forget();
        String first = "SRS0=AbCd=EK=example.com=bob@example.net";
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            expect("250", client.mail(first, "forward@example.org", "forwarded twice"));
        }
        rewritten = nextSender();
        check(rewritten, rewritten.matches("SRS1=[a-z2-7]{8}=example\\.net==AbCd=EK=example\\.com=bob@example\\.org"));
        forget();
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, STRANGER)) {
            expect("250", bounce(client, rewritten, REPORT + " of the second forwarder"));
        }
        check("the bounce has a null sender", nextSender().isEmpty());
        expect("RCPT TO:<" + first + ">", sentTo.remove());

        // One copy stays here and one is forwarded: only that one is rewritten.
        forget();
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            expect("250", client.mail("joe@example.net", "both@example.org", "to both"));
        }
        check("the forwarded copy is rewritten", nextSender().startsWith("SRS0="));
        String kept = message("alice", "to both");
        check(kept, kept.contains("Return-Path: <joe@example.net>"));
    }

    private void reportsOnForwardedMailToProvenSendersOnly() throws Exception {
        admin("address/groups/lost@example.org/nobody@example.net", "");
        forget();
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, STRANGER)) {
            // No SPF record: accepted and forwarded, but its sender may be forged.
            expect("250", client.mail("bob@unknown.example", "lost@example.org", "not proven"));
        }
        Await.until("it is refused", () -> !sent.isEmpty());
        try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
            expect("250", client.mail("joe@example.net", "lost@example.org", "proven"));
        }
        Await.until("a report is sent", () -> !sentMessages.isEmpty());
        check("one report: " + sentTo, List.copyOf(sentTo).equals(List.of("RCPT TO:<joe@example.net>")));
        String report = sentMessages.remove();
        check(report, report.contains("no such user") && report.contains("Subject: proven"));
    }

    private String nextSender() {
        Await.until("a message is sent", () -> !sentMessages.isEmpty());
        String line = sent.remove();
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private void forget() {
        sent.clear();
        sentTo.clear();
        sentMessages.clear();
    }

    private void sustains400MessagesOver8Connections() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int connection = 0; connection < 8; connection++) {
            String number = "many " + connection;
            running.add(clients.submit(() -> {
                try (SmtpTestClient client = SmtpTestClient.proxied(smtp, "192.0.2.1")) {
                    for (int i = 0; i < 50; i++) {
                        expect("250", client.mail("joe@example.net", "bob@example.org", number + "-" + i + "."));
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
        Await.until("bob has 400 different messages more", () -> subjects("bob", "many \\d-\\d+\\.") == 400);
    }

    private static String bounce(SmtpTestClient client, String recipient, String header) throws IOException {
        client.say("RSET");
        expect("250", client.say("MAIL FROM:<>"));
        String reply = client.say("RCPT TO:<" + recipient + ">");
        if (!reply.startsWith("250")) {
            return reply;
        }
        expect("354", client.say("DATA"));
        return client.say(header + "\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n.");
    }

    private static String last(SmtpPeer peer) {
        return peer.heard().get(peer.heard().size() - 1);
    }

    private void data(SmtpPeer peer) throws IOException {
        peer.say("354 go ahead");
        StringBuilder message = new StringBuilder();
        String line = peer.hear();
        while (line != null && !line.equals(".")) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            line = peer.hear();
        }
        sentMessages.add(message.toString());
        peer.say("250 2.0.0 taken");
    }

    // All messages of a user's inbox, over IMAP.
    private String messages(String user) {
        return imap(user, "FETCH 1:* BODY[]");
    }

    private String message(String user, String subject) {
        Await.until(user + " has '" + subject + "'", () -> messages(user).contains("Subject: " + subject));
        String all = messages(user);
        int at = all.indexOf("Subject: " + subject);
        return all.substring(all.lastIndexOf("* ", at), at);
    }

    private long subjects(String user, String pattern) {
        String headers = imap(user, "FETCH 1:* BODY[HEADER.FIELDS (SUBJECT)]");
        return Pattern.compile("Subject: (" + pattern + ")")
                .matcher(headers)
                .results()
                .map(MatchResult::group)
                .distinct()
                .count();
    }

    private String imap(String user, String command) {
        try (Socket socket = new Socket("127.0.0.1", imap)) {
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            StringBuilder replies = new StringBuilder();
            for (String line : List.of("1 LOGIN " + user + "@example.org secret", "2 SELECT INBOX", "3 " + command)) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                String end = line.substring(0, 2);
                String reply = in.readLine();
                while (reply != null && !reply.startsWith(end)) {
                    replies.append(reply).append('\n');
                    reply = in.readLine();
                }
            }
            return replies.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void admin(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webadmin + "/" + path))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
        check("webadmin replies " + status, status == 204);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void configure(Path folder, String guide, int remote) throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        for (String file : List.of(
                "smtpserver.xml",
                "imapserver.xml",
                "mailetcontainer.xml",
                "domainlist.xml",
                "dnsservice.xml",
                "usersrepository.xml",
                "mailrepositorystore.xml",
                "webadmin.properties",
                "jmap.properties",
                "jmx.properties",
                "logback.xml")) {
            String text = new String(
                            WholeJames.class.getResourceAsStream("/conf/" + file).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@smtp@", Integer.toString(smtp))
                    .replace("@submission@", Integer.toString(submission))
                    .replace("@imap@", Integer.toString(imap))
                    .replace("@webadmin@", Integer.toString(webadmin))
                    .replace("@remote@", Integer.toString(remote))
                    .replace("@guide@", block(guide, "(?s)(<ioWorkerCount>.*?</handlerchain>)"))
                    .replace("@guide-root@", block(guide, "(?s)(<mailet match=\"All\" class=\"org\\S+StripRecipients\"/>.*?SrsReverseRecipients\"/>)"))
                    .replace("@guide-bounces@", block(guide, "(<mailet match=\"All\" class=\"org\\S+BounceOnlyProven\"/>)"))
                    .replace(
                            "@guide-sign@",
                            block(guide, "(?s)(<mailet match=\"\\S+\" class=\"org\\S+SrsForwardSender\"/>.*?Dkim2SignMessage\"/>)"));
            Files.writeString(conf.resolve(file), text);
        }
        Files.writeString(
                conf.resolve("extensions.properties"), block(guide, "(guice\\.extension\\.module=\\S+)") + "\n");
        secret(conf.resolve("batv.keys"), "a-key-of-32-characters-for-this-test");
        secret(conf.resolve("srs.secret"), "a secret of 32 characters, of this test");
        secret(conf.resolve("mail.pem"), Dkim2SigningKey.pem(dkim2Keys.getPrivate()));
        Files.writeString(
                conf.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(dkim2Keys.getPublic()) + "\n");
    }

    private static void secret(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static String block(String guide, String regex) {
        java.util.regex.Matcher matcher = Pattern.compile(regex).matcher(guide);
        check("the guide contains " + regex, matcher.find());
        return matcher.group(1);
    }

    private static void expect(String start, String reply) {
        check("expected " + start + ", was: " + reply, reply.startsWith(start));
    }

    private static void check(String problem, boolean good) {
        if (!good) {
            throw new IllegalStateException(problem);
        }
    }
}
