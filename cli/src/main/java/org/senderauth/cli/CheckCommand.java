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
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.StepReport;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;
import org.senderauth.server.ConfigException;
import org.senderauth.server.OfflinePolicy;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code check}: runs the policy on one transaction and explains each step. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Run the policy on one transaction and explain each step.",
        footer = {
            "",
            "Examples:",
            "  senderauth check --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "  senderauth check --ip 192.0.2.1 --helo mail.example.org --from '<>' \\",
            "      --to prvs=07876e2bb5=alice@example.org \\",
            "      --config /etc/senderauth/senderauth.yaml",
            "",
            "Without --config: block lists (--dnsbl), CSV and SPF, all in mode enforce.",
            "With --config: the steps of the file. If callouts are on there, the command",
            "probes other mail servers.",
            "",
            "Exit status: 0 continue, 1 reject, 2 usage or configuration error, 75 defer."
        })
final class CheckCommand implements Callable<Integer> {

    private static final String NO_REPLY = "no check failed";

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--ip", paramLabel = "IP", required = true, description = "IP address of the client.")
    String ip = "";

    @Option(names = "--helo", paramLabel = "NAME", required = true, description = "HELO/EHLO name sent by the client.")
    String helo = "";

    @Option(names = "--from", paramLabel = "ADDR", required = true, description = "Envelope sender; <> for a bounce.")
    String from = "";

    @Option(names = "--to", paramLabel = "ADDR", description = "Recipient.")
    @Nullable
    String to;

    @Option(names = "--user", paramLabel = "NAME", description = "SASL user name, if the client is authenticated.")
    @Nullable
    String user;

    @Option(names = "--config", paramLabel = "FILE", description = "Run the policy of this configuration file.")
    @Nullable
    Path config;

    @Option(names = "--dnsbl", paramLabel = "ZONE", description = "DNS block list to query; may be repeated.")
    List<String> blockLists = List.of();

    @Mixin
    SpfLimitOptions limits = new SpfLimitOptions();

    @Option(names = "--reject-softfail", description = "Reject on SPF softfail.")
    boolean rejectSoftfail;

    @Option(names = "--reject-permerror", description = "Reject on SPF permerror.")
    boolean rejectPermerror;

    @Option(
            names = "--receiver",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "Name of this host, for headers (default: ${DEFAULT-VALUE}).")
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
            case CONTINUE -> ExitStatus.PASS;
            case REJECT -> ExitStatus.FAIL;
            case DEFER -> ExitStatus.TEMPFAIL;
        };
    }

    private Decision decide(Transaction transaction) throws IOException, ConfigException {
        if (config == null) {
            return OfflinePolicy.decide(
                    receiver,
                    common.dns(),
                    common.clock(),
                    blockLists,
                    limits.limits(Objects.requireNonNull(spec).commandLine()),
                    new SpfStrictness(rejectSoftfail, rejectPermerror),
                    transaction);
        }
        DnsClient dns = common.server == null && common.zones.isEmpty() ? null : common.dns();
        return OfflinePolicy.decide(config, dns, common.clock(), transaction);
    }

    private Transaction transaction(CommandSpec known) {
        CommandLine command = known.commandLine();
        InetAddress client = Arguments.ip(command, "--ip", ip);
        if (config != null && !blockLists.isEmpty()) {
            throw new ParameterException(command, "--dnsbl cannot be combined with --config");
        }
        if (config != null && (!limits.isEmpty() || rejectSoftfail || rejectPermerror)) {
            throw new ParameterException(
                    command, "limits of SPF cannot be combined with --config; set them under \"spf:\" in the file");
        }
        Transaction transaction = Transaction.of(
                client, Arguments.helo(command, "--helo", helo), Arguments.path(command, "--from", from));
        if (to != null) {
            transaction = transaction.to(Arguments.path(command, "--to", to));
        }
        return user == null ? transaction : transaction.authenticatedAs(user);
    }

    private static ObjectNode json(Decision decision) {
        ObjectNode object = JsonLines.object()
                .put("action", decision.action().text())
                .put("reply", decision.smtpReply().map(SmtpReply::toString).orElse(null))
                .put("reason", decision.reason())
                .put("wouldReply", decision.withheld().map(SmtpReply::toString).orElse(null));
        ArrayNode headers = object.putArray("headers");
        decision.headers().forEach(headers::add);
        ArrayNode steps = object.putArray("steps");
        for (StepReport report : decision.steps()) {
            StepResult result = report.result();
            steps.addObject()
                    .put("step", report.step().text())
                    .put("mode", report.mode().text())
                    .put("outcome", result.outcome().text())
                    .put("result", result.result())
                    .put("explanation", result.explanation());
        }
        return object;
    }

    private static void print(PrintWriter out, Decision decision) {
        TerminalText.print(
                out,
                decision.action().text() + ": ",
                decision.smtpReply().map(SmtpReply::toString).orElse(decision.reason()));
        if (decision.smtpReply().isPresent()) {
            TerminalText.print(out, "because ", decision.reason());
        }
        decision.withheld()
                .ifPresent(reply -> TerminalText.print(
                        out, "would " + Decision.Action.of(reply).text() + ": ", reply.toString()));
        for (StepReport report : decision.steps()) {
            StepResult result = report.result();
            out.println();
            printStep(
                    out,
                    report.step().text(),
                    report.mode().text(),
                    result.outcome().text(),
                    result.result(),
                    result.explanation());
        }
        if (!decision.headers().isEmpty()) {
            out.println();
            out.println("headers:");
            decision.headers().forEach(header -> TerminalText.print(out, "    ", header));
        }
    }

    /** Prints one step: its name, its mode, what the result means, and the explanation. */
    static void printStep(
            PrintWriter out, String step, String mode, String outcome, String result, String explanation) {
        String meaning = switch (outcome) {
            case "pending" -> "content check at end of data";
            case "temperror" -> "temporary error";
            default -> outcome;
        };
        out.println(step + " (" + mode + "): " + (result.equals(meaning) ? meaning : result + " (" + meaning + ")"));
        TerminalText.print(out, "    ", explanation);
    }
}
