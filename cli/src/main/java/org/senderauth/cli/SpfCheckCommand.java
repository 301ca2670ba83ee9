package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.AuthenticationResults;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfProblem;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTraceText;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spf check}: the result, and what a mail server does with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Check whether a client is authorized to use its HELO name and sender.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf check --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "  senderauth spf check --json --zone my.zone --ip 2001:db8::1 \\",
            "      --helo mail.example.org",
            "  senderauth spf check --batch queries.jsonl",
            "",
            "Exit status: 0 pass, neutral and none; 1 fail, softfail and permerror;",
            "75 temperror. With --from, the result for the sender counts."
        })
final class SpfCheckCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    SpfOptions options = new SpfOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Check each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"ip\",\"helo\",\"from\"} gives {\"id\",\"result\",...}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = command.getOut();
        if (batch != null) {
            if (!options.isEmpty()) {
                throw new ParameterException(
                        command, "--batch reads ip, helo and from from its input; remove the options");
            }
            SpfVerifier verifier = options.verifier(common, command).build();
            return JsonLines.batch(batch, System.in, out, in -> line(verifier, in));
        }
        SpfQuery query = options.query(command);
        SpfVerifier verifier = options.verifier(common, command).build();
        SpfResult result = options.verify(verifier, query);
        SpfResult helo =
                query.identity() == SpfIdentity.HELO || query.mailFrom().isEmpty()
                        ? null
                        : verifier.verify(SpfQuery.helo(query.client(), query.helo()));
        if (common.json) {
            ObjectNode object = json(result);
            if (helo != null) {
                object.set("heloCheck", json(helo));
            }
            out.println(JsonLines.write(object));
        } else {
            print(out, result, helo, options.limits(command));
        }
        out.flush();
        return SpfOptions.status(result);
    }

    private static ObjectNode line(SpfVerifier verifier, JsonNode in) throws BadLine {
        InetAddress client = JsonLines.ip(in, "ip");
        String from = in.hasNonNull("from") ? JsonLines.text(in, "from") : null;
        if (from == null && !in.hasNonNull("helo")) {
            throw new BadLine("missing \"helo\" or \"from\"");
        }
        return json(verifier.verify(SpfOptions.query(client, JsonLines.text(in, "helo", ""), from)));
    }

    /** Returns the result with the documented fields, in their order. */
    static ObjectNode json(SpfResult result) {
        return JsonLines.object()
                .put("result", result.verdict().text())
                .put("identity", result.identity().text())
                .put("domain", result.domain())
                .put("mechanism", result.mechanism().orElse(null))
                .put("explanation", result.explanation().orElse(null))
                .put("problem", result.problem().map(SpfProblem::toString).orElse(null))
                .put("lookups", result.lookups())
                .put("voidLookups", result.voidLookups())
                .put("receivedSpf", result.receivedSpf())
                .put("authenticationResults", authenticationResults(result));
    }

    private static String authenticationResults(SpfResult result) {
        return AuthenticationResults.field(result.receiver(), List.of(result.authResult()))
                .toString();
    }

    private static void print(PrintWriter out, SpfResult result, @Nullable SpfResult helo, SpfLimits limits) {
        out.println(SpfTraceText.summary(result));
        result.problem().ifPresent(problem -> TerminalText.print(out, "  problem  ", problem.toString()));
        result.explanation().ifPresent(text -> TerminalText.print(out, "  domain   ", "explains: " + text));
        out.println("  used     " + SpfTraceText.used(result, limits));
        if (helo != null) {
            out.println("  helo     " + SpfTraceText.summary(helo));
        }
        result.smtpReply().ifPresent(reply -> TerminalText.print(out, "  reply    ", reply.toString()));
        result.permerrorReply()
                .ifPresent(reply -> TerminalText.print(out, "  reply    ", "if permerror is rejected: " + reply));
        TerminalText.print(out, "  header   ", result.receivedSpf());
        TerminalText.print(out, "  header   ", authenticationResults(result));
    }
}
