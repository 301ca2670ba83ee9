package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dkim2.Dkim2Hop;
import org.senderauth.dkim2.Dkim2Result;
import org.senderauth.dkim2.Dkim2Verdict;
import org.senderauth.dkim2.Dkim2Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dkim2 verify}: the state of a message. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Verify the DKIM2 signatures of a message.",
        footer = {
            "",
            "Example:",
            "  senderauth dkim2 verify mail.eml --from alice@example.org \\",
            "      --to bob@example.net --explain",
            "",
            "Exit status: 0 pass, 1 not, 75 a key is unavailable."
        })
final class Dkim2VerifyCommand implements Callable<Integer> {

    private static final int MAX_SHOWN_RECIPIENTS = 5;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    Dkim2Options options = new Dkim2Options();

    @Mixin
    Dkim2MessageOptions checked = new Dkim2MessageOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--from", paramLabel = "ADDR", description = "The envelope sender; <> for the null sender.")
    @Nullable
    String from;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (checked.batch != null) {
            return Dkim2Batch.run(checked.batch, common, options, known.commandLine(), "message", checked.explain);
        }
        if (checked.file == null || from == null || checked.to.isEmpty()) {
            throw new ParameterException(known.commandLine(), "missing FILE, --from and --to (or use --batch)");
        }
        Dkim2Result result = Dkim2Verifier.builder()
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
        return status(result.isPass(), result.verdict() == Dkim2Verdict.TEMPERROR);
    }

    /** The exit status of a check. */
    static int status(boolean good, boolean temporary) {
        return good ? ExitStatus.PASS : temporary ? ExitStatus.TEMPFAIL : ExitStatus.FAIL;
    }

    /** The result as JSON. */
    static ObjectNode object(Dkim2Result result, boolean explain) {
        ObjectNode object = JsonLines.object()
                .put("verdict", result.verdict().text())
                .put("reason", result.detail())
                .put("rule", result.reason().text());
        if (explain) {
            for (Dkim2Hop hop : result.hops()) {
                ObjectNode node = object.withArray("/hops").addObject();
                node.put("number", hop.number()).put("domain", hop.domain()).put("time", hop.time());
                node.put("sender", hop.sender());
                hop.recipients().forEach(node.withArray("/recipients")::add);
            }
            object.put("queries", result.queries());
            object.put("reply", result.smtpReply().map(Object::toString).orElse(null));
            object.put("authenticationResults", result.authResult().toString());
        }
        return object;
    }

    private void explain(PrintWriter out, Dkim2Result result) {
        out.println("  rule     " + result.reason().text());
        for (Dkim2Hop hop : result.hops()) {
            out.println("  hop " + hop.number() + "    d=" + hop.domain() + " t=" + hop.time() + " "
                    + SafeText.of(hop.sender()) + " to " + SafeText.of(shown(hop.recipients())));
        }
        out.println("  queries  " + result.queries());
        out.println("  draft    " + options.draft(Objects.requireNonNull(spec).commandLine()));
        result.smtpReply().ifPresent(reply -> out.println("  reply    " + reply));
        out.println("  header   " + result.authResult());
    }

    /** The first recipients. */
    static String shown(List<String> recipients) {
        return recipients.size() <= MAX_SHOWN_RECIPIENTS
                ? String.join(", ", recipients)
                : String.join(", ", recipients.subList(0, MAX_SHOWN_RECIPIENTS)) + " and "
                        + (recipients.size() - MAX_SHOWN_RECIPIENTS) + " more";
    }
}
