package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spf check}: the verdict, and what a mail server makes of it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Tells whether a client may use its HELO name and its reverse-path.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf check --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "  senderauth spf check --json --zone my.zone --ip 2001:db8::1 \\",
            "      --helo mail.example.org",
            "  senderauth spf check --batch questions.jsonl",
            "",
            "Exit status: 0 pass, neutral and none; 1 fail, softfail and permerror;",
            "75 temperror. With --from, it is the reverse-path's verdict that counts."
        })
final class SpfCheckCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    SpfOptions question = new SpfOptions();

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
            if (!question.isEmpty()) {
                throw new ParameterException(command, "--batch takes --ip, --helo and --from from its lines");
            }
            SpfVerifier verifier = question.verifier(common).build();
            return JsonLines.batch(batch, System.in, out, in -> line(verifier, in));
        }
        SpfQuery query = question.query(command);
        SpfVerifier verifier = question.verifier(common).build();
        SpfResult result = verifier.verify(query);
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
            print(out, result, helo);
        }
        out.flush();
        return SpfOptions.status(result);
    }

    private static ObjectNode line(SpfVerifier verifier, JsonNode in) throws BadLine {
        InetAddress client = JsonLines.ip(in, "ip");
        String from = in.hasNonNull("from") ? JsonLines.text(in, "from") : null;
        if (from == null && !in.hasNonNull("helo")) {
            throw new BadLine("\"helo\" or \"from\" is needed");
        }
        return json(verifier.verify(SpfOptions.query(client, JsonLines.text(in, "helo", ""), from)));
    }

    /** The result in the order of fields that the command promises. */
    static ObjectNode json(SpfResult result) {
        return JsonLines.object()
                .put("result", result.verdict().text())
                .put("identity", result.identity().text())
                .put("domain", result.domain())
                .put("mechanism", result.mechanism())
                .put("explanation", result.explanation())
                .put(
                        "problem",
                        result.problem() == null ? null : result.problem().toString())
                .put("lookups", result.lookups())
                .put("voidLookups", result.voidLookups())
                .put("receivedSpf", result.receivedSpf())
                .put("authenticationResults", result.authenticationResults());
    }

    private static void print(PrintWriter out, SpfResult result, @Nullable SpfResult helo) {
        out.println(SpfTraceText.summary(result));
        if (result.problem() != null) {
            Text.print(out, "  problem  ", String.valueOf(result.problem()));
        }
        if (result.explanation() != null) {
            Text.print(out, "  domain   ", "says: " + result.explanation());
        }
        out.println("  spent    " + result.lookups() + " DNS lookups, " + result.voidLookups() + " void");
        if (helo != null) {
            out.println("  helo     " + SpfTraceText.summary(helo));
        }
        if (result.smtpReply() != null) {
            Text.print(out, "  reply    ", String.valueOf(result.smtpReply()));
        }
        Text.print(out, "  header   ", result.receivedSpf());
        Text.print(out, "  header   ", result.authenticationResults());
    }
}
