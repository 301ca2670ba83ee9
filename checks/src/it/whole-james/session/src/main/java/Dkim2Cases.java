import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.batv.MessageContent;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2Verdict;
import org.senderauth.dkim2.Dkim2Verifier;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.SmtpTestClient;

/** The cases of DKIM2: what James signs, and that a report on it proves itself. */
final class Dkim2Cases {

    private final JamesHost james;
    private final MailElsewhere elsewhere;

    Dkim2Cases(JamesHost james, MailElsewhere elsewhere) {
        this.james = james;
        this.elsewhere = elsewhere;
    }

    void signsWhatItSends() throws IOException {
        for (String message : List.of(
                "To: carol@example.net\r\nSubject: plain\r\n\r\nHello\r\n..dot\r\n\r\n",
                "To: carol@example.net\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n",
                "To: carol@example.net\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8gQ2Fyb2w=\r\n",
                "To: carol@example.net\r\nBcc: dave@example.net\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n--b--\r\n")) {
            try (SmtpTestClient client = james.alice()) {
                Check.expect("250", client.say("MAIL FROM:<alice@example.org>"));
                Check.expect("250", client.say("RCPT TO:<carol@example.net>"));
                Check.expect("354", client.say("DATA"));
                Check.expect("250", client.say("From: alice@example.org\r\n" + message + "."));
            }
            MailElsewhere.Mail sent = elsewhere.next();
            String sender = "<" + sent.sender() + ">";
            Dkim2Verdict verdict = Dkim2Verifier.builder()
                    .dns(ZoneDnsClient.builder().text(keyRecord()).build())
                    .build()
                    .verify(sent.text().getBytes(StandardCharsets.UTF_8), sender, List.of("<carol@example.net>"))
                    .verdict();
            Check.check(verdict + " of " + sender + "\n" + sent.text(), verdict == Dkim2Verdict.PASS);
        }
    }

    private String keyRecord() {
        String record = Dkim2SigningKey.record(james.dkim2().getPublic());
        return "mail._domainkey.example.org. 300 IN TXT \"" + record.substring(0, 200) + "\" \"" + record.substring(200)
                + "\"\n";
    }

    // As it would arrive at our host, had another host's James made it.
    void ourSignatureProvesItsReport() {
        String all = james.messages("alice");
        String report = report(all, "no such user");
        Pattern path = Pattern.compile("mf=([A-Za-z0-9+/=\\s]+);");
        Matcher matcher = path.matcher(report);
        Check.check("the report returns our signature: " + report, matcher.find());
        String to = new String(
                Base64.getMimeDecoder().decode(matcher.group(1)), StandardCharsets.UTF_8);
        Check.check("a tagged sender: " + to, to.startsWith("<prvs="));
        MessageContent content = MessageContent.of(report.getBytes(StandardCharsets.UTF_8));
        Check.check("James's report is a bounce: " + content, content.kind().isBounce());
        expectVerdict(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT, report, to, InstantSource.system());
        expectVerdict(Dkim2BounceVerdict.WRONG_RECIPIENT, report, "<bob@example.org>", InstantSource.system());
        expectVerdict(
                Dkim2BounceVerdict.EXPIRED,
                report,
                to,
                InstantSource.offset(InstantSource.system(), Duration.ofDays(15)));
        expectVerdict(
                Dkim2BounceVerdict.ALTERED,
                report.replace("Subject: to be returned", "Subject: other"),
                to,
                InstantSource.system());
        expectVerdict(
                Dkim2BounceVerdict.FORGED,
                report.replace("Message-Instance: m=1;", "Message-Instance: m=1; x=y;"),
                to,
                InstantSource.system());
    }

    private void expectVerdict(Dkim2BounceVerdict expected, String report, String to, InstantSource clock) {
        Dkim2BounceVerdict verdict = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", james.dkim2().getPublic())
                        .build())
                .clock(clock)
                .build()
                .verify(report.getBytes(StandardCharsets.UTF_8), "<>", List.of(to))
                .verdict();
        Check.check("expected " + expected + ", was " + verdict + " to " + to + "\n" + report, verdict == expected);
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
}
