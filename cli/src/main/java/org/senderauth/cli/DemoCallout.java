package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.dns.DnsClient;

/** Callouts in the demo: two probes of a mail server on loopback, and a flood of forged senders. */
final class DemoCallout {

    private static final int FORGED = 1_000;

    private DemoCallout() {}

    static void run(PrintWriter out, DnsClient dns) throws IOException {
        try (DemoMailServer server = DemoMailServer.start();
                CalloutVerifier callout = CalloutVerifier.builder(SmtpProber.of(dns, settings(server)))
                        .build()) {
            DemoCommand.heading(out, "Callout: does the sender accept bounces?");
            print(out, callout, "alice@users.example.net");
            print(out, callout, "forged@users.example.net");
            int before = server.recipients();
            for (int i = 0; i < FORGED; i++) {
                verify(callout, "forged" + i + "@victim.example.net");
            }
            DemoCommand.heading(out, "Callout: a flood with " + FORGED + " forged senders of a catch-all domain");
            out.println("RCPT commands that its mail server received: " + (server.recipients() - before));
            out.println("a day of several attacks: senderauth simulate joe-job");
        }
    }

    private static void print(PrintWriter out, CalloutVerifier callout, String sender) {
        CalloutResult result = verify(callout, sender);
        String reply = result.targetReply()
                .map(text -> ", its MX host replied " + text)
                .orElse("");
        TerminalText.print(
                out,
                sender + ": ",
                result.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-') + reply);
    }

    private static CalloutResult verify(CalloutVerifier callout, String sender) {
        return callout.verify(CalloutRequest.sender(sender)
                .client(DemoCommand.address(DemoCommand.SPAMMER))
                .build());
    }

    private static ProbeSettings settings(DemoMailServer server) {
        return ProbeSettings.builder(DemoCommand.RECEIVER)
                .port(server.port())
                .addressFilter(any -> true)
                .build();
    }
}
