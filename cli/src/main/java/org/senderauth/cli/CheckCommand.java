package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.serve.ConfigException;
import org.senderauth.cli.serve.Policies;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Finding;
import org.senderauth.policy.StepReport;
import org.senderauth.policy.Transaction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check}: the decision on one transaction, with each step explained. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Decides on one transaction as the service would, and explains each step.",
        footer = {
            "",
            "Examples:",
            "  senderauth check --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "  senderauth check --ip 192.0.2.1 --helo mail.example.org --from '<>' \\",
            "      --to prvs=07876e2bb5=alice@example.org \\",
            "      --config /etc/senderauth/senderauth.yaml",
            "",
            "Without --config: block lists (--dnsbl), CSV and SPF, all enforcing.",
            "With it: the steps of the file, callouts to other mail servers among them if",
            "they are on there.",
            "",
            "Exit status: 0 the mail may go on, 1 refuse it, 75 defer it."
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--ip", paramLabel = "IP", required = true, description = "The client's address.")
    String ip = "";

    @Option(
            names = "--helo",
            paramLabel = "NAME",
            required = true,
            description = "What the client said in HELO or EHLO.")
    String helo = "";

    @Option(
            names = "--from",
            paramLabel = "ADDR",
            required = true,
            description = "The envelope sender; <> for a bounce.")
    String from = "";

    @Option(names = "--to", paramLabel = "ADDR", description = "The recipient.")
    @Nullable
    String to;

    @Option(names = "--user", paramLabel = "NAME", description = "The name by which the client authenticated itself.")
    @Nullable
    String user;

    @Option(names = "--config", paramLabel = "FILE", description = "Decide as the service with this configuration.")
    @Nullable
    Path config;

    @Option(names = "--dnsbl", paramLabel = "ZONE", description = "Ask this block list; may be repeated.")
    List<String> blockLists = List.of();

    @Option(
            names = "--receiver",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "The name of this host, for headers (default ${DEFAULT-VALUE}).")
    String receiver = "";

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        Transaction transaction = transaction(known);
        PrintWriter out = known.commandLine().getOut();
        Decision decision;
        try {
            decision = decide(transaction);
        } catch (ConfigException e) {
            e.problems().forEach(known.commandLine().getErr()::println);
            return ExitStatus.USAGE;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (common.json) {
            out.println(JsonLines.write(json(decision)));
        } else {
            print(out, decision);
        }
        out.flush();
        return switch (decision.action()) {
            case CONTINUE -> ExitStatus.GOOD;
            case REFUSE -> ExitStatus.NEGATIVE;
            case DEFER -> ExitStatus.TRY_LATER;
        };
    }

    private Decision decide(Transaction transaction) throws IOException, ConfigException {
        if (config == null) {
            return Policies.decide(receiver, common.dns(), common.clock(), blockLists, transaction);
        }
        DnsClient dns = common.server == null && common.zones.isEmpty() ? null : common.dns();
        return Policies.decide(config, dns, common.clock(), transaction);
    }

    private Transaction transaction(CommandSpec known) {
        InetAddress client = IpAddresses.parse(ip)
                .orElseThrow(() -> new ParameterException(known.commandLine(), "--ip '" + ip + "' is no IP address"));
        if (config != null && !blockLists.isEmpty()) {
            throw new ParameterException(known.commandLine(), "with --config the file names the block lists");
        }
        return new Transaction(client, helo, bare(from), to == null ? null : bare(to), user, null);
    }

    private static String bare(String address) {
        return address.startsWith("<") && address.endsWith(">") ? address.substring(1, address.length() - 1) : address;
    }

    private static ObjectNode json(Decision decision) {
        ObjectNode object = JsonLines.object()
                .put("action", decision.action().text())
                .put("reply", decision.reply().map(SmtpReply::toString).orElse(null))
                .put("reason", decision.reason());
        ArrayNode headers = object.putArray("headers");
        decision.headers().forEach(headers::add);
        ArrayNode steps = object.putArray("steps");
        for (StepReport report : decision.steps()) {
            Finding finding = report.finding();
            steps.addObject()
                    .put("step", report.step().text())
                    .put("mode", report.mode().text())
                    .put("standing", finding.standing().text())
                    .put("result", finding.result())
                    .put("explanation", finding.explanation());
        }
        return object;
    }

    private static void print(PrintWriter out, Decision decision) {
        Text.print(
                out,
                decision.action().text() + ": ",
                decision.reply().map(SmtpReply::toString).orElse("no objection"));
        Text.print(out, "because ", decision.reason());
        for (StepReport report : decision.steps()) {
            Finding finding = report.finding();
            out.println();
            out.println(report.step().text() + " (" + report.mode().text() + "): " + finding.result() + ", "
                    + meaning(finding));
            Text.print(out, "    ", finding.explanation());
        }
        if (!decision.headers().isEmpty()) {
            out.println();
            out.println("headers:");
            decision.headers().forEach(header -> Text.print(out, "    ", header));
        }
    }

    private static String meaning(Finding finding) {
        return switch (finding.standing()) {
            case GOOD -> "speaks for the sender";
            case OPEN -> "leaves it open";
            case BAD -> "speaks against the sender";
            case TROUBLE -> "cannot be told now";
            case NOT_ASKED -> "not asked";
        };
    }
}
