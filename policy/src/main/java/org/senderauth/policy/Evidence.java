package org.senderauth.policy;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.batv.BatvResult;
import org.senderauth.callout.CalloutResult;
import org.senderauth.core.SafeText;
import org.senderauth.ses.SesResult;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTraceText;

/** The evidence of the steps, as lines for a reader. */
final class Evidence {

    /** The maximum number of characters of one step. */
    static final int MAX_CHARACTERS = 8192;

    private static final String CUT = "(cut)\n";

    private Evidence() {}

    /** Returns lines as one text, printable and cut after {@link #MAX_CHARACTERS}; each line ends with a newline. */
    static String text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(SafeText.of(line)).append('\n');
        }
        return bounded(text.toString());
    }

    private static String bounded(String text) {
        return text.length() <= MAX_CHARACTERS
                ? text
                : text.substring(0, text.lastIndexOf('\n', MAX_CHARACTERS - CUT.length()) + 1) + CUT;
    }

    /** Adds the tree of a check, if the verifier keeps its trace. */
    static StepResult spf(StepResult result, SpfResult check, SpfLimits limits) {
        return check.trace()
                .map(trace -> result.withEvidence(bounded(SpfTraceText.text(check, trace, limits))))
                .orElse(result);
    }

    /** Adds the SMTP session of a probe, or the source of the verdict. */
    static StepResult callout(StepResult result, CalloutResult check) {
        List<String> lines = new ArrayList<>();
        if (check.probe().isPresent()) {
            lines.addAll(check.probe().get().transcript());
        } else if (check.source() != CalloutResult.Source.PRECHECK) {
            lines.add("known since " + check.knownSince());
        }
        if (check.probe().isEmpty()) {
            check.targetReply().ifPresent(reply -> lines.add("reply of the mail server: " + reply));
        }
        return result.withEvidence(text(lines));
    }

    /** Adds the contents of a tag. */
    static StepResult batv(StepResult result, BatvResult check) {
        if (check.tag().isEmpty()) {
            return result;
        }
        StringBuilder line = new StringBuilder("tag " + check.tag().get());
        check.form().ifPresent(form -> line.append(", format ").append(form));
        check.keyNumber().ifPresent(number -> line.append(", key ").append(number));
        check.daysLeft().ifPresent(days -> line.append(", days left ").append(days));
        check.original()
                .ifPresent(address -> line.append(", address <").append(address).append(">"));
        return result.withEvidence(text(List.of(line.toString())));
    }

    /** Adds the contents of an authentic signature. */
    static StepResult ses(StepResult result, SesResult check) {
        if (check.signature().isEmpty()) {
            return result;
        }
        return result.withEvidence(text(check
                .signature()
                .map(signature -> "signature of <" + signature.address() + ">, serial number "
                        + signature.serialNumber() + ", key index " + signature.keyIndex()
                        + signature.expires().map(time -> ", expires " + time).orElse(", never expires")
                        + ", uses " + check.uses())
                .stream()
                .toList()));
    }
}
