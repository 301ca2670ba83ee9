package org.senderauth.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/**
 * What one step found. Immutable.
 *
 * @param standing what it means for the mail
 * @param result the step's own result in its own word, such as {@code softfail}
 * @param explanation the same for a person, one line
 * @param reply what to answer if this decides: there for {@link Standing#BAD} and {@link Standing#TROUBLE} only
 */
public record Finding(
        Standing standing,
        String result,
        String explanation,
        @Nullable SmtpReply reply) {

    /** What a finding means for the mail. */
    public enum Standing {
        /** It speaks for the sender. */
        GOOD,
        /** It speaks neither for nor against. */
        OPEN,
        /** It speaks against the sender: reason to refuse. */
        BAD,
        /** It cannot be told now. */
        TROUBLE,
        /** The step does not apply to this transaction, or need not be taken any more. */
        NOT_ASKED
    }

    /**
     * Makes a finding.
     *
     * @param standing what it means
     * @param result the step's own word
     * @param explanation the same for a person
     * @param reply what to answer if this decides
     * @throws IllegalArgumentException if a finding that can decide has no reply, another has one, or one of trouble is
     *     a permanent one
     */
    public Finding {
        boolean decides = standing == Standing.BAD || standing == Standing.TROUBLE;
        if (decides != (reply != null)) {
            throw new IllegalArgumentException("a finding has a reply if it is BAD or TROUBLE, and else none");
        }
        if (standing == Standing.TROUBLE && Objects.requireNonNull(reply).isPermanent()) {
            throw new IllegalArgumentException("trouble is never a reason for a permanent refusal");
        }
        explanation = Texts.oneLine(explanation);
    }

    static Finding good(String result, String explanation) {
        return new Finding(Standing.GOOD, result, explanation, null);
    }

    static Finding open(String result, String explanation) {
        return new Finding(Standing.OPEN, result, explanation, null);
    }

    static Finding notAsked(String explanation) {
        return new Finding(Standing.NOT_ASKED, "none", explanation, null);
    }

    static Finding bad(String result, String explanation, SmtpReply reply) {
        return new Finding(Standing.BAD, result, explanation, reply);
    }

    static Finding trouble(String result, String explanation, SmtpReply reply) {
        return new Finding(Standing.TROUBLE, result, explanation, reply);
    }
}
