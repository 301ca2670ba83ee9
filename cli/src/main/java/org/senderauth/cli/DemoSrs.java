package org.senderauth.cli;

import java.io.PrintWriter;
import java.security.SecureRandom;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsClient;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsResult;

/** SRS in the demo: a forwarded sender that passes SPF at the next host, and the bounce that is reversed. */
final class DemoSrs {

    private static final String DOMAIN = "forwarder.example.net";
    private static final String HOST = "203.0.113.25";

    private DemoSrs() {}

    static void run(PrintWriter out, DnsClient dns) {
        Srs srs = Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.generate(new SecureRandom())))
                .domain(DOMAIN)
                .build();
        MailAddress alice = MailAddress.of("alice@example.org");
        DemoCommand.heading(out, "SRS: forwarded mail with its original sender");
        DemoCommand.explain(out, dns, HOST, alice.toString());
        String rewritten = srs.forward(alice).address().toString();
        DemoCommand.heading(out, "SRS: the same, with the sender rewritten by the forwarder");
        DemoCommand.explain(out, dns, HOST, rewritten);
        String forged = rewritten.replace("=alice@", "=bob@");
        for (String recipient : new String[] {rewritten, forged}) {
            SrsResult result = srs.reverse(recipient);
            TerminalText.print(out, "bounce to  ", recipient);
            TerminalText.print(
                    out,
                    "           ",
                    result.original()
                            .map(original -> "is delivered to " + original)
                            .or(() -> result.smtpReply().map(SmtpReply::toString))
                            .orElse("not ours"));
        }
    }
}
