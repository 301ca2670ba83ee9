package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.outcome.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.POLICY_DEFERRED;
import static org.senderauth.callout.outcome.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.PROTOCOL_ERROR;
import static org.senderauth.callout.outcome.CalloutReason.TEMPFAIL;
import static org.senderauth.callout.outcome.CalloutReason.UNCLEAR_REJECTION;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.reply.ReplyClassification.Next;
import org.senderauth.callout.reply.ReplyRule.Weight;

/**
 * Decides what a reply of a mail server means for the address that is verified, by one table, {@link ReplyRules}, read from
 * top to bottom. Enhanced status codes (RFC 3463), reply codes (RFC 5321) and words count together, and words can veto a code.
 *
 * <p>An address is undeliverable only if the reply is about its mailbox, and no part of it may be about the host that
 * probes. The postmaster check can veto the rows with general words for the mailbox; it never proves anything. Pure
 * functions; thread-safe.
 */
public final class ReplyClassifier {

    // Exim's verification of a sender quotes its address and the answer about it; the null sender is not verified.
    private static final ReplyPhrases ABOUT_OUR_SENDER = new ReplyPhrases(
            "verif(?:ication|y) (?:failed )?(?:for|of) @|(?:called|checked) (?:back )?[@~%]|called back|(?:says?|said) (?:\\d+ )?(?:no such|un ?known|user|invalid)");

    // Another reason that is often in the same reply, and is not about us.
    private static final ReplyPhrases NEUTRAL = new ReplyPhrases(ReplyRules.RELAY_WORDS);

    // Replies repeat a reason in a second language: words about the mailbox are not a veto.
    private static final List<ReplyRule> MISSING = MailboxRules.missing();

    private ReplyClassifier() {}

    /**
     * Classifies a reply to a session with the null sender.
     *
     * @param reply the reply
     * @param stage the command that it replies to
     * @param postmaster the result of the postmaster check in the same session
     * @return its meaning
     */
    public static ReplyClassification classify(ServerReply reply, ReplyStage stage, PostmasterCheck postmaster) {
        return classify(reply, stage, postmaster, true);
    }

    /**
     * Classifies a reply.
     *
     * @param reply the reply
     * @param stage the command that it replies to
     * @param postmaster the result of the postmaster check in the same session
     * @param nullSender whether the session's sender is the null reverse-path
     * @return its meaning
     */
    public static ReplyClassification classify(
            ServerReply reply, ReplyStage stage, PostmasterCheck postmaster, boolean nullSender) {
        if (reply.mixedClasses()) {
            return new ReplyClassification(
                    PROTOCOL_ERROR, "mixed-codes", "RFC 5321 section 4.2.1: one code in all lines", Next.END);
        }
        try {
            SearchedReply searched = SearchedReply.of(reply, stage);
            ReplyRule rule = firstRule(searched);
            if (!nullSender && rule.weight() != Weight.DECIDES && ABOUT_OUR_SENDER.isIn(searched.words())) {
                return new ReplyClassification(
                        UNCLEAR_REJECTION, "our-sender", "Exim: Verification failed for <SENDER>", Next.END);
            }
            return decided(rule, reply, stage, postmaster, nullSender);
        } catch (ReplyTooLongException e) {
            CalloutReason reason =
                    reply.isTransient() ? TEMPFAIL : reply.isPermanent() ? UNCLEAR_REJECTION : PROTOCOL_ERROR;
            return new ReplyClassification(reason, "too-long", "longer than any real reply", Next.END);
        }
    }

    /**
     * Returns the row that decides.
     *
     * @throws ReplyTooLongException if this takes more steps than for any real reply
     */
    static ReplyRule firstRule(SearchedReply reply) {
        return ReplyRules.TABLE.stream()
                .filter(rule -> rule.matches(reply))
                .filter(rule -> rule.weight() == Weight.DECIDES || !hasOtherCause(rule, reply))
                .findFirst()
                // The table has a last row for every reply.
                .orElseThrow();
    }

    private static boolean hasOtherCause(ReplyRule rule, SearchedReply reply) {
        if (reply.contradicted()
                || rule.weight() == Weight.UNLESS_POSTMASTER_TOO && reply.hasIpAddress()
                || OtherCauseRules.OF_THE_CLIENT.stream().anyMatch(veto -> veto.matches(reply))) {
            return true;
        }
        SearchedText rest = rule.rest(reply.words());
        for (ReplyRule mailbox : MISSING) {
            rest = mailbox.rest(rest);
        }
        SearchedReply remaining = reply.with(NEUTRAL.replacedIn(rest, found -> ""));
        return vetoes(rule).anyMatch(veto -> veto.matches(remaining)) || sharesWordsWithOtherCause(rule, reply);
    }

    // "Sending user unknown", "does not accept mail from you": words about the mailbox may belong to the other cause
    // too.
    private static boolean sharesWordsWithOtherCause(ReplyRule rule, SearchedReply reply) {
        BitSet mailbox = new BitSet();
        rule.addPlaces(reply.words(), mailbox);
        MISSING.forEach(row -> row.addPlaces(reply.words(), mailbox));
        return vetoes(rule).anyMatch(veto -> veto.matchesAcross(reply, mailbox));
    }

    // A mailbox that is disabled "temporarily" exists, and is disabled.
    private static Stream<ReplyRule> vetoes(ReplyRule rule) {
        List<ReplyRule> temporary = rule.reason() == NO_SUCH_MAILBOX ? OtherCauseRules.TEMPORARY : List.of();
        return Stream.of(AboutUsRules.HOST, AboutUsRules.SENDER, OtherCauseRules.LIMITED, temporary)
                .flatMap(List::stream);
    }

    private static ReplyClassification decided(
            ReplyRule rule, ServerReply reply, ReplyStage stage, PostmasterCheck postmaster, boolean nullSender) {
        if (rule.weight() == Weight.UNLESS_POSTMASTER_TOO) {
            return switch (postmaster) {
                case ACCEPTED -> of(rule, rule.reason(), Next.END);
                case UNKNOWN -> of(rule, rule.reason(), Next.POSTMASTER_CHECK);
                case REJECTED -> of(rule, UNCLEAR_REJECTION, Next.END);
                case UNDECIDED -> of(rule, TEMPFAIL, Next.END);
            };
        }
        CalloutReason reason = rule.reason();
        boolean aboutUs = reason == POLICY_REFUSED || reason == NULL_SENDER_REFUSED;
        if (aboutUs && reply.isTransient()) {
            reason = POLICY_DEFERRED;
        } else if (reason == NULL_SENDER_REFUSED
                && !(nullSender && (stage == ReplyStage.MAIL || stage == ReplyStage.RCPT))) {
            reason = POLICY_REFUSED;
        }
        return of(rule, reason, next(reason, reply, stage));
    }

    private static Next next(CalloutReason reason, ServerReply reply, ReplyStage stage) {
        if (stage == ReplyStage.BANNER || stage == ReplyStage.EHLO) {
            return Next.NEXT_HOST;
        }
        return switch (reason) {
            case TLS_REQUIRED -> Next.START_TLS;
            case SMTPUTF8_UNSUPPORTED, HOST_ACCEPTS_NO_MAIL -> Next.NEXT_HOST;
            case PROTOCOL_ERROR -> reply.isPermanent() ? Next.LOCK_STEP : Next.END;
            case TEMPFAIL ->
                stage == ReplyStage.MAIL || reply.isClosing() || isSystemFailure(reply) ? Next.NEXT_HOST : Next.END;
            case POLICY_DEFERRED -> stage == ReplyStage.MAIL || reply.isClosing() ? Next.NEXT_HOST : Next.END;
            default -> Next.END;
        };
    }

    // X.3.x, the mail system (RFC 3463 section 3.4).
    private static boolean isSystemFailure(ServerReply reply) {
        EnhancedStatusCode enhanced = reply.enhanced();
        return enhanced != null && enhanced.subject() == 3;
    }

    private static ReplyClassification of(ReplyRule rule, CalloutReason reason, Next next) {
        return new ReplyClassification(reason, rule.id(), rule.source(), next);
    }
}
