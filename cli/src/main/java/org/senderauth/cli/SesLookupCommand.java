package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.ses.SesLookup;
import org.senderauth.ses.SesLookupResult;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ses lookup}: asks a domain in public whether it emitted a sender. */
@Command(
        name = "lookup",
        mixinStandardHelpOptions = true,
        description = {
            "Ask a domain over DNS to confirm a signed sender.",
            "Requires no keys. Queries only domains whose SPF record has the term."
        },
        footer = {
            "",
            "Example:",
            "  senderauth ses lookup 'SES=FZL8-J65IZ_GHGTQS=alice@example.org'",
            "",
            "Exit status: 0 pass, 1 fail or none, 75 DNS unavailable."
        })
final class SesLookupCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ADDR", description = "The signed sender.")
    String address = "";

    @Option(names = "--ip", paramLabel = "IP", description = "IP address of the sending host; some terms contain it.")
    @Nullable
    String ip;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        InetAddress client = ip == null ? null : Arguments.ip(known.commandLine(), "--ip", ip);
        SesLookupResult result = SesLookup.of(common.dns()).lookup(address, client);
        String verdict = result.verdict().name().toLowerCase(Locale.ROOT);
        PrintWriter out = known.commandLine().getOut();
        if (common.json) {
            out.println(JsonLines.write(JsonLines.object()
                    .put("verdict", verdict)
                    .put("asked", result.queried().map(Name::toString).orElse(null))
                    .put("detail", result.reason())));
        } else {
            out.println(verdict + ": " + result.reason());
            result.queried().ifPresent(name -> out.println("  query  " + name + " A"));
        }
        out.flush();
        return switch (result.verdict()) {
            case PASS -> ExitStatus.PASS;
            case FAIL, NONE -> ExitStatus.FAIL;
            case TEMPERROR -> ExitStatus.TEMPFAIL;
        };
    }
}
