package org.senderauth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: the main job on an embedded zone, without any network. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows real verdicts, explained, on an embedded zone; no network.")
final class DemoCommand implements Callable<Integer> {

    private static final String ZONE = "demo.zone";

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        DnsClient dns = ZoneDnsClient.builder().text(zone()).build();
        spf(out, dns);
        csv(out, dns);
        out.println();
        out.println("Ask real questions: ./senderauth spf explain --ip IP --helo NAME --from ADDR");
        out.flush();
        return ExitStatus.GOOD;
    }

    private static void spf(PrintWriter out, DnsClient dns) {
        SpfVerifier spf = SpfVerifier.builder()
                .dns(dns)
                .receiver("mx.example.com")
                .trace(true)
                .build();
        heading(out, "Mail for example.org, sent by the provider that example.org includes");
        explain(out, spf, "198.51.100.7", "alice@example.org");
        heading(out, "The same sender, forged by somebody else");
        SpfResult forged = explain(out, spf, "203.0.113.9", "alice@example.org");
        Text.print(out, "so answer: ", String.valueOf(forged.smtpReply()));
        heading(out, "A domain that publishes two mistakes that are often seen");
        explain(out, spf, "192.0.2.1", "bob@example.com");
    }

    private static SpfResult explain(PrintWriter out, SpfVerifier spf, String ip, String from) {
        SpfResult result = spf.verify(SpfQuery.mailFrom(address(ip), from, "mail.example.org"));
        new SpfTraceText(out).print(result, Objects.requireNonNull(result.trace()));
        return result;
    }

    private static void csv(PrintWriter out, DnsClient dns) {
        CsvVerifier csv = CsvVerifier.builder().dns(dns).build();
        heading(out, "Who may call itself mail.example.org, or web.example.org, in HELO?");
        for (String[] session : new String[][] {
            {"192.0.2.10", "mail.example.org"}, {"203.0.113.9", "mail.example.org"}, {"192.0.2.10", "web.example.org"}
        }) {
            var result = csv.verify(new CsvQuery(address(session[0]), session[1]));
            Text.print(
                    out,
                    session[0] + " as " + session[1] + ": ",
                    result.outcome().text() + ", " + result.reason());
        }
    }

    private static void heading(PrintWriter out, String text) {
        out.println();
        out.println("=== " + text);
    }

    private static InetAddress address(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }

    private static String zone() throws IOException {
        try (InputStream in = Objects.requireNonNull(DemoCommand.class.getResourceAsStream(ZONE), ZONE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
