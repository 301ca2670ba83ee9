package org.senderauth.callout.probe;

import static org.senderauth.callout.CalloutReason.ACCEPTED;
import static org.senderauth.callout.CalloutReason.CANNOT_VERIFY;
import static org.senderauth.callout.CalloutReason.DISABLED;
import static org.senderauth.callout.CalloutReason.GREYLISTED;
import static org.senderauth.callout.CalloutReason.MAILBOX_BUSY;
import static org.senderauth.callout.CalloutReason.MAILBOX_FULL;
import static org.senderauth.callout.CalloutReason.MOVED;
import static org.senderauth.callout.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.CalloutReason.PROTOCOL_ERROR;
import static org.senderauth.callout.CalloutReason.SMTPUTF8_UNSUPPORTED;
import static org.senderauth.callout.CalloutReason.TEMPFAIL;
import static org.senderauth.callout.CalloutReason.TLS_REQUIRED;
import static org.senderauth.callout.CalloutReason.TOO_MANY_RECIPIENTS;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;

/**
 * What a reply to {@code RCPT TO} says of its address. Enhanced status codes (RFC 3463) decide first, then reply codes
 * (RFC 5321 section 4.2.3), then texts, which can only spare an address. A refusal that may be meant for us, and not for
 * the address, is never {@link CalloutReason#NO_SUCH_MAILBOX}.
 *
 * @param reason the answer, unless what is done next gives another
 * @param next what to do
 */
record Judgement(CalloutReason reason, Next next) {

    /** What to do after a reply. */
    enum Next {
        /** Nothing: the reason is the answer. */
        END,
        /** Ask the next host; if there is none, the reason is the answer. */
        NEXT_HOST,
        /** Ask for the postmaster as well: if the server takes that from us, it knows no such mailbox. */
        ASK_CONTROL,
        /** Encrypt, and ask again. */
        START_TLS,
        /** Ask again, one command at a time. */
        LOCK_STEP
    }

    /**
     * Judges a reply.
     *
     * @param reply the reply to RCPT
     * @param address the address, as it was sent
     * @param nullSender whether the sender was the null reverse-path
     * @param trustingTexts whether "user unknown" in the text of a refusal for policy makes a control worthwhile
     */
    static Judgement of(ServerReply reply, String address, boolean nullSender, boolean trustingTexts) {
        return switch (reply.code() / 100) {
            case 2 -> positive(reply);
            case 4 -> transientFailure(reply);
            case 5 -> permanentFailure(reply, address, nullSender, trustingTexts);
            default -> end(PROTOCOL_ERROR);
        };
    }

    private static Judgement positive(ServerReply reply) {
        return switch (reply.code()) {
            case 250, 251 -> end(ACCEPTED);
            case 252 -> end(CANNOT_VERIFY);
            default -> end(PROTOCOL_ERROR);
        };
    }

    private static Judgement transientFailure(ServerReply reply) {
        EnhancedCode enhanced = reply.enhanced();
        if (reply.isClosing() || enhanced != null && enhanced.subject() == 3) {
            return new Judgement(TEMPFAIL, Next.NEXT_HOST);
        }
        if (RefusalTexts.saysGreylisted(reply) || enhanced != null && enhanced.is(7, 1)) {
            return end(GREYLISTED);
        }
        if (enhanced != null && enhanced.is(5, 3) || reply.code() == 452 && RefusalTexts.saysTooManyRecipients(reply)) {
            return end(TOO_MANY_RECIPIENTS);
        }
        if (enhanced != null && enhanced.is(2, 2) || reply.code() == 452 && RefusalTexts.saysFull(reply)) {
            return end(MAILBOX_FULL);
        }
        if (enhanced != null && enhanced.is(2, 1) || reply.code() == 450 && !isPolicy(enhanced)) {
            return end(MAILBOX_BUSY);
        }
        return end(TEMPFAIL);
    }

    private static Judgement permanentFailure(
            ServerReply reply, String address, boolean nullSender, boolean trustingTexts) {
        EnhancedCode enhanced = reply.enhanced();
        if (wantsTls(reply)) {
            return new Judgement(TLS_REQUIRED, Next.START_TLS);
        }
        if (isPolicy(enhanced)) {
            boolean closer = trustingTexts && enhanced.is(7, 1) && RefusalTexts.saysNoSuchUser(reply);
            return new Judgement(POLICY_REFUSED, closer ? Next.ASK_CONTROL : Next.END);
        }
        Judgement byEnhancedCode = enhanced == null ? null : byEnhancedCode(enhanced, nullSender);
        if (byEnhancedCode != null) {
            return byEnhancedCode;
        }
        return switch (reply.code()) {
            case 500, 501, 502, 503 -> new Judgement(PROTOCOL_ERROR, Next.LOCK_STEP);
            case 530, 535 -> end(POLICY_REFUSED);
            case 551 -> end(MOVED);
            // RFC 5321 section 4.5.3.1.10: 552 was once the code for too many recipients.
            case 552 -> end(RefusalTexts.saysTooManyRecipients(reply) ? TOO_MANY_RECIPIENTS : MAILBOX_FULL);
            default ->
                RefusalTexts.isAboutUs(reply, address)
                        ? end(POLICY_REFUSED)
                        : new Judgement(POLICY_REFUSED, Next.ASK_CONTROL);
        };
    }

    // The codes that say enough by themselves (RFC 3463 sections 3.2, 3.3, 3.6; RFC 6531; RFC 7505).
    private static @Nullable Judgement byEnhancedCode(EnhancedCode enhanced, boolean nullSender) {
        return switch (enhanced.subject() * 100 + enhanced.detail()) {
            case 100, 101, 102, 103, 110 -> end(NO_SUCH_MAILBOX);
            case 106 -> end(MOVED);
            // The sender's mailbox or system: ours.
            case 107, 108 -> end(nullSender ? NULL_SENDER_REFUSED : POLICY_REFUSED);
            case 201 -> end(DISABLED);
            case 202 -> end(MAILBOX_FULL);
            case 503 -> end(TOO_MANY_RECIPIENTS);
            case 607 -> new Judgement(SMTPUTF8_UNSUPPORTED, Next.NEXT_HOST);
            default -> null;
        };
    }

    /**
     * Whether a permanent refusal asks for encryption: 5.7.10, 530 (RFC 3207 section 4), or a policy code with a text
     * that says so.
     */
    static boolean wantsTls(ServerReply reply) {
        EnhancedCode enhanced = reply.enhanced();
        return reply.isPermanent()
                && (enhanced != null && enhanced.is(7, 10)
                        || (reply.code() == 530 || isPolicy(enhanced)) && RefusalTexts.asksForTls(reply));
    }

    private static boolean isPolicy(@Nullable EnhancedCode enhanced) {
        return enhanced != null && enhanced.subject() == 7;
    }

    private static Judgement end(CalloutReason reason) {
        return new Judgement(reason, Next.END);
    }
}
