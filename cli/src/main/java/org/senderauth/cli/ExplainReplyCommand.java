package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ReplyClassification;
import org.senderauth.callout.reply.ReplyClassification.Next;
import org.senderauth.callout.reply.ReplyClassifier;
import org.senderauth.callout.reply.ReplyStage;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.SmtpReply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code callout explain-reply}: the meaning of a mail server's reply, without any network. */
@Command(
        name = "explain-reply",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a mail server's reply to a callout means: verdict, suggested reply, and the rule that decided.",
            "Sends nothing."
        },
        footer = {
            "",
            "Examples:",
            "  senderauth callout explain-reply 550 5.1.1 User unknown",
            "  senderauth callout explain-reply --stage banner '521 no mail here'",
            "  senderauth callout explain-reply --batch replies.jsonl",
            "",
            "Exit status: 0 deliverable, or a batch; 1 undeliverable; 2 usage; 75 undecided."
        })
final class ExplainReplyCommand implements Callable<Integer> {

    private static final List<String> STAGES = List.of("banner", "ehlo", "mail", "rcpt");

    private static final List<String> CHECKS = List.of("accepted", "refused", "unknown");

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "The reply with its code; a newline separates the lines of a longer one.")
    List<String> text = List.of();

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            defaultValue = "rcpt",
            description = "What the reply answers: banner, ehlo, mail or rcpt (default).")
    String stage = "rcpt";

    @Option(
            names = "--postmaster",
            paramLabel = "CHECK",
            defaultValue = "unknown",
            description = "What the same server replied for its postmaster: accepted, refused or unknown (default).")
    String postmaster = "unknown";

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Explain each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"stage\",\"reply\":[lines],\"postmaster\"} gives {\"id\",\"verdict\",\"reason\",\"by\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            if (!text.isEmpty()) {
                throw new ParameterException(known.commandLine(), "--batch takes the replies from its lines");
            }
            return JsonLines.batch(batch, System.in, out, ExplainReplyCommand::line);
        }
        ReplyClassification meaning;
        try {
            List<String> lines =
                    String.join(" ", text).lines().map(String::strip).toList();
            meaning = ReplyClassifier.classify(ServerReply.of(lines), stage(stage), check(postmaster));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (common.json) {
            out.println(JsonLines.write(json(meaning)));
        } else {
            print(out, meaning);
        }
        out.flush();
        return switch (meaning.reason().verdict()) {
            case DELIVERABLE, CATCH_ALL, SKIPPED -> ExitStatus.PASS;
            case UNDELIVERABLE -> ExitStatus.FAIL;
            case UNDECIDED -> ExitStatus.TEMPFAIL;
        };
    }

    private static ObjectNode line(JsonNode in) throws BadLine {
        JsonNode reply = in.path("reply");
        if (!reply.isArray() || Stream.of(elements(reply)).anyMatch(element -> !element.isTextual())) {
            throw new BadLine("\"reply\" must be an array of strings");
        }
        List<String> lines = Stream.of(elements(reply)).map(JsonNode::textValue).toList();
        try {
            return verdict(ReplyClassifier.classify(
                    ServerReply.of(lines),
                    stage(JsonLines.text(in, "stage", "rcpt")),
                    check(JsonLines.text(in, "postmaster", "unknown"))));
        } catch (IllegalArgumentException e) {
            throw new BadLine(e.getMessage());
        }
    }

    private static JsonNode[] elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements.toArray(JsonNode[]::new);
    }

    private static ReplyStage stage(String name) {
        if (!STAGES.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the stage must be one of " + String.join(", ", STAGES));
        }
        return ReplyStage.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static PostmasterCheck check(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "accepted" -> PostmasterCheck.ACCEPTED;
            case "refused" -> PostmasterCheck.REJECTED;
            case "unknown" -> PostmasterCheck.UNKNOWN;
            default ->
                throw new IllegalArgumentException("the postmaster check must be one of " + String.join(", ", CHECKS));
        };
    }

    private static ObjectNode verdict(ReplyClassification meaning) {
        return JsonLines.object()
                .put("verdict", lower(meaning.reason().verdict()))
                .put("reason", lower(meaning.reason()))
                .put("by", meaning.rule());
    }

    private static ObjectNode json(ReplyClassification meaning) {
        return verdict(meaning)
                .put("source", meaning.source())
                .put(
                        "reply",
                        suggested(meaning.reason()).map(SmtpReply::toString).orElse(null));
    }

    private static void print(PrintWriter out, ReplyClassification meaning) {
        out.println(lower(meaning.reason().verdict()) + ": "
                + lower(meaning.reason()).replace('_', ' '));
        if (meaning.next() == Next.POSTMASTER_CHECK) {
            out.println("  check  a probe sends RCPT for the postmaster next; undecided unless that is accepted");
        }
        out.println("  reply  "
                + suggested(meaning.reason()).map(SmtpReply::toString).orElse("none, continue with the other checks"));
        out.println("  rule   " + meaning.rule());
        out.println("  source " + meaning.source());
    }

    private static Optional<SmtpReply> suggested(CalloutReason reason) {
        return reason.suggestedReply();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
