package org.senderauth.policy;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.core.SmtpReply;

/**
 * What one step found. Immutable.
 *
 * @param standing what it means for the mail
 * @param result the step's own result in its own word, such as {@code softfail}
 * @param explanation the same for a person, one line without control characters
 * @param reply what to answer if this decides: there for {@link Standing#BAD} and {@link Standing#TROUBLE} only
 * @param trace what the message's headers tell of it
 */
public record Finding(
        Standing standing,
        String result,
        String explanation,
        @Nullable SmtpReply reply,
        Trace trace) {

    private static final Pattern LINE_END = Pattern.compile("\\s*[\\r\\n]+\\s*");

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
        NOT_ASKED;

        private final String text = Words.of(this);

        /**
         * The meaning as reports write it.
         *
         * @return the name in lower case, such as {@code not-asked}
         */
        public String text() {
            return text;
        }
    }

    /**
     * What the message's headers tell of a finding.
     *
     * @param result a {@code resinfo} of {@code Authentication-Results} (RFC 8601 section 2.2); null for none
     * @param header a header of its own, such as {@code Received-SPF}, on one line; null for none
     */
    public record Trace(@Nullable String result, @Nullable String header) {

        /** Nothing. */
        public static final Trace NONE = new Trace(null, null);
    }

    /**
     * Makes a finding; the explanation is put on one line.
     *
     * @param standing what it means
     * @param result the step's own word
     * @param explanation the same for a person
     * @param reply what to answer if this decides
     * @param trace what the headers tell
     * @throws IllegalArgumentException if a finding that can decide has no reply, another has one, or one of trouble has
     *     a permanent one
     */
    public Finding {
        boolean decides = standing == Standing.BAD || standing == Standing.TROUBLE;
        if (decides != (reply != null)) {
            throw new IllegalArgumentException("a finding has a reply if it is BAD or TROUBLE, and else none");
        }
        if (standing == Standing.TROUBLE && reply != null && reply.isPermanent()) {
            throw new IllegalArgumentException("trouble is never a reason for a permanent refusal");
        }
        if (!Printable.is(explanation)) {
            explanation = Printable.of(LINE_END.matcher(explanation).replaceAll(" "));
        }
    }

    static Finding good(String result, String explanation) {
        return new Finding(Standing.GOOD, result, explanation, null, Trace.NONE);
    }

    static Finding open(String result, String explanation) {
        return new Finding(Standing.OPEN, result, explanation, null, Trace.NONE);
    }

    static Finding notAsked(String explanation) {
        return new Finding(Standing.NOT_ASKED, "none", explanation, null, Trace.NONE);
    }

    static Finding bad(String result, String explanation, SmtpReply reply) {
        return new Finding(Standing.BAD, result, explanation, reply, Trace.NONE);
    }

    static Finding trouble(String result, String explanation, SmtpReply reply) {
        return new Finding(Standing.TROUBLE, result, explanation, reply, Trace.NONE);
    }

    Finding with(Trace newTrace) {
        return new Finding(standing, result, explanation, reply, newTrace);
    }
}
