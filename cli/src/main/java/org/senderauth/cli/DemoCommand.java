package org.senderauth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTraceText;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code demo}: the main job of each defense, on an embedded zone and the loopback interface. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Show each defense at work, offline: an embedded zone, servers on loopback.")
final class DemoCommand implements Callable<Integer> {

    /** The receiving host. */
    static final String RECEIVER = "mx.example.com";

    /** A client that no record authorizes. */
    static final String SPAMMER = "203.0.113.9";

    private static final String PROVIDER = "198.51.100.7";
    private static final String MAIL_HOST = "192.0.2.10";
    private static final String ZONE = "demo.zone";

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        DnsClient dns = ZoneDnsClient.builder().text(zone()).build();
        spf(out, dns);
        batv(out);
        DemoSrs.run(out, dns);
        DemoSes.run(out, dns);
        csv(out, dns);
        DemoCallout.run(out, dns);
        DemoPolicy.run(out, dns);
        heading(out, "Next");
        out.println("senderauth spf explain --ip IP --helo NAME --from ADDR    a real check");
        out.println("senderauth spf lint DOMAIN                                errors in your record");
        out.println("senderauth check --ip IP --helo NAME --from ADDR          the whole policy");
        out.println("senderauth serve --config FILE --check                    the service");
        out.println("docs/postfix.md, docs/exim.md, docs/sendmail.md, docs/library.md");
        out.flush();
        return ExitStatus.PASS;
    }

    private static void spf(PrintWriter out, DnsClient dns) {
        heading(out, "SPF: mail for example.org from the provider that it includes");
        explain(out, dns, PROVIDER, "alice@example.org");
        heading(out, "SPF: the same sender, forged");
        SpfResult forged = explain(out, dns, SPAMMER, "alice@example.org");
        TerminalText.print(
                out, "SMTP reply: ", forged.smtpReply().map(Object::toString).orElse("none"));
    }

    /** Prints an SPF check as {@code spf explain} does. */
    static SpfResult explain(PrintWriter out, DnsClient dns, String ip, String from) {
        SpfVerifier spf =
                SpfVerifier.builder().dns(dns).receiver(RECEIVER).trace(true).build();
        SpfResult result = spf.verify(SpfQuery.mailFrom(address(ip), from, "mail.example.org"));
        SpfTraceText.lines(result, result.trace().orElseThrow(), SpfLimits.RFC_7208)
                .forEach(out::println);
        return result;
    }

    private static void batv(PrintWriter out) {
        heading(out, "BATV: a bounce for mail that we sent, and backscatter");
        Batv batv = Batv.builder().keyring(keyring()).build();
        MailAddress alice = MailAddress.parse("alice@example.org").orElseThrow();
        String tagged = batv.sign(alice).toString();
        String forged = tagged.replaceFirst("^(prvs=....).{6}", "$1c0ffee");
        TerminalText.print(out, "mail leaves as       ", tagged);
        for (String recipient : new String[] {tagged, forged, "alice@example.org"}) {
            TerminalText.print(
                    out,
                    "bounce to            ",
                    recipient + ": " + batv.verify(recipient).verdict().text());
        }
    }

    static BatvKeyring keyring() {
        return BatvKeyring.of(SecretKeys.generate(new SecureRandom()));
    }

    private static void csv(PrintWriter out, DnsClient dns) {
        CsvVerifier csv = CsvVerifier.builder().dns(dns).build();
        heading(out, "CSV: is the client authorized to use its HELO name?");
        for (String[] session : new String[][] {
            {MAIL_HOST, "mail.example.org"}, {SPAMMER, "mail.example.org"}, {MAIL_HOST, "web.example.org"}
        }) {
            var result = csv.verify(new CsvQuery(address(session[0]), session[1]));
            TerminalText.print(
                    out,
                    session[0] + " as " + session[1] + ": ",
                    result.verdict().text() + ", " + result.reason());
        }
    }

    static void heading(PrintWriter out, String text) {
        out.println();
        out.println("=== " + text);
    }

    static InetAddress address(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }

    private static String zone() throws IOException {
        try (InputStream in = Objects.requireNonNull(DemoCommand.class.getResourceAsStream(ZONE), ZONE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
