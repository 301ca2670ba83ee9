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

    // An object and its array, for each line.
    private static final int LINE_BYTES = 56;

    private Evidence() {}

    /** Returns the first lines, printable. */
    static List<String> bounded(List<String> lines) {
        List<String> kept = new ArrayList<>();
        int left = MAX_CHARACTERS;
        for (String line : lines) {
            int cost = line.length() + LINE_BYTES / 2;
            if (cost > left) {
                kept.add("(cut)");
                break;
            }
            left -= cost;
            kept.add(SafeText.of(line));
        }
        return List.copyOf(kept);
    }

    /** Returns the memory that lines take. */
    static int bytes(List<String> lines) {
        int bytes = 0;
        for (String line : lines) {
            bytes += LINE_BYTES + line.length();
        }
        return bytes;
    }

    /** Adds the tree of a check, if the verifier keeps its trace. */
    static StepResult spf(StepResult result, SpfResult check, SpfLimits limits) {
        return check.trace()
                .map(trace -> result.withEvidence(SpfTraceText.lines(check, trace, limits)))
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
        return result.withEvidence(lines);
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
        return result.withEvidence(List.of(line.toString()));
    }

    /** Adds the contents of an authentic signature. */
    static StepResult ses(StepResult result, SesResult check) {
        if (check.signature().isEmpty()) {
            return result;
        }
        return result.withEvidence(check
                .signature()
                .map(signature -> "signature of <" + signature.address() + ">, serial number "
                        + signature.serialNumber() + ", key index " + signature.keyIndex()
                        + signature.expires().map(time -> ", expires " + time).orElse(", never expires")
                        + ", uses " + check.uses())
                .stream()
                .toList());
    }
}
