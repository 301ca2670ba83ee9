package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dkim2.Dkim2BounceResult;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.OwnKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dkim2 bounce}: what a bounce proves about the message that it returns. */
@Command(
        name = "bounce",
        mixinStandardHelpOptions = true,
        description = "Check whether a bounce returns a message that we signed.",
        footer = {
            "",
            "Give the recipient as it was in RCPT TO, with its BATV tag.",
            "",
            "Example:",
            "  senderauth dkim2 bounce report.eml --to alice@example.org \\",
            "      --own-keys own.keys --explain",
            "",
            "Exit status: 0 ours, 1 not proven, 75 a key is unavailable."
        })
final class Dkim2BounceCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    Dkim2Options options = new Dkim2Options();

    @Mixin
    Dkim2MessageOptions checked = new Dkim2MessageOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--from", paramLabel = "ADDR", description = "The envelope sender (default: <>).")
    String from = "<>";

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (checked.batch != null) {
            return Dkim2Batch.run(checked.batch, common, options, known.commandLine(), "bounce", checked.explain);
        }
        OwnKeys ownKeys = options.ownKeys();
        if (checked.file == null || checked.to.isEmpty() || ownKeys == null) {
            throw new ParameterException(known.commandLine(), "missing FILE, --to and --own-keys (or use --batch)");
        }
        Dkim2BounceResult result = Dkim2Batch.bounces(ownKeys, options.domains(known.commandLine()))
                .dns(common.dns())
                .clock(common.clock())
                .draft(options.draft(known.commandLine()))
                .build()
                .verify(MessageFile.read(checked.file, System.in), from, checked.to);
        PrintWriter out = known.commandLine().getOut();
        if (common.json) {
            out.println(JsonLines.write(object(result, checked.explain)));
        } else {
            out.println(result);
            if (checked.explain) {
                explain(out, result);
            }
        }
        out.flush();
        return Dkim2VerifyCommand.status(result.verdict().isOurs(), result.verdict() == Dkim2BounceVerdict.TEMPERROR);
    }

    /** The result as JSON. */
    static ObjectNode object(Dkim2BounceResult result, boolean explain) {
        ObjectNode object = JsonLines.object()
                .put("verdict", result.verdict().text())
                .put("reason", result.detail())
                .put("rule", result.reason().text());
        if (explain) {
            object.put("domain", result.domain().orElse(null))
                    .put("signedAt", result.signedAt().map(Object::toString).orElse(null));
            result.recipients().forEach(object.withArray("/recipients")::add);
            object.put("reportSigned", result.isReportSigned())
                    .put("reporter", result.reporter().orElse(null))
                    .put("queries", result.queries())
                    .put("reply", result.smtpReply().map(Object::toString).orElse(null))
                    .put("authenticationResults", result.authResult().toString());
        }
        return object;
    }

    private void explain(PrintWriter out, Dkim2BounceResult result) {
        out.println("  rule      " + result.reason().text());
        result.domain()
                .ifPresent(domain -> out.println("  returned  d=" + domain + " "
                        + result.signedAt().map(Object::toString).orElse("") + " to "
                        + SafeText.of(Dkim2VerifyCommand.shown(result.recipients()))));
        out.println("  report    "
                + (result.isReportSigned()
                        ? result.reporter().map(domain -> "signed by " + domain).orElse("signed, not verified")
                        : "not signed"));
        out.println("  queries   " + result.queries());
        out.println("  draft     " + options.draft(Objects.requireNonNull(spec).commandLine()));
        result.smtpReply().ifPresent(reply -> out.println("  reply     " + reply));
        out.println("  header    " + result.authResult());
    }
}
