package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.IpAddresses;
import org.senderauth.ses.SesLookup;
import org.senderauth.ses.SesLookupResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ses lookup}: asks a domain in public whether it emitted a sender. */
@Command(
        name = "lookup",
        mixinStandardHelpOptions = true,
        description = {
            "Asks a domain through the DNS whether it emitted a signed sender.",
            "No keys are needed. Domains whose SPF record has no term for it are not asked."
        },
        footer = {
            "",
            "Example:",
            "  senderauth ses lookup 'SES=FZL8-J65IZ_GHGTQS=alice@example.org'",
            "",
            "Exit status: 0 pass, 1 fail or none, 75 no answer from the DNS."
        })
final class SesLookupCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ADDR", description = "The signed sender.")
    String address = "";

    @Option(names = "--ip", paramLabel = "IP", description = "The host that used it; some domains ask for it.")
    @Nullable
    String ip;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        InetAddress client = ip == null
                ? null
                : IpAddresses.parse(ip)
                        .orElseThrow(
                                () -> new ParameterException(known.commandLine(), "'" + ip + "' is no IP address"));
        SesLookupResult result = SesLookup.over(common.dns()).lookup(address, client);
        String verdict = result.verdict().name().toLowerCase(Locale.ROOT);
        PrintWriter out = known.commandLine().getOut();
        if (common.json) {
            out.println(JsonLines.write(JsonLines.object()
                    .put("verdict", verdict)
                    .put("asked", result.asked() == null ? null : result.asked().toString())
                    .put("detail", result.detail())));
        } else {
            out.println(verdict + ": " + result.detail());
            if (result.asked() != null) {
                out.println("  asked  " + result.asked() + " A");
            }
        }
        out.flush();
        return switch (result.verdict()) {
            case PASS -> ExitStatus.GOOD;
            case FAIL, NONE -> ExitStatus.NEGATIVE;
            case TEMPERROR -> ExitStatus.TRY_LATER;
        };
    }
}
