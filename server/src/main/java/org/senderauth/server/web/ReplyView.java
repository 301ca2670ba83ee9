package org.senderauth.server.web;

import java.util.List;
import java.util.Locale;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ReplyClassification;
import org.senderauth.callout.reply.ReplyClassifier;
import org.senderauth.callout.reply.ReplyStage;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.SmtpReply;

/**
 * The meaning of a mail server's reply on a page. Immutable.
 *
 * @param verdict the verdict on the address
 * @param tone how that looks
 * @param reason the reason
 * @param next what a probe does next
 * @param reply the suggested reply to the client
 * @param rule the rule that decided
 * @param source where that rule is written or was observed
 */
record ReplyView(String verdict, String tone, String reason, String next, String reply, String rule, String source) {

    /** Returns the meaning of a reply to RCPT. Throws IllegalArgumentException if the text is not a reply. */
    static ReplyView of(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        ReplyClassification meaning =
                ReplyClassifier.classify(ServerReply.of(lines), ReplyStage.RCPT, PostmasterCheck.UNKNOWN);
        return new ReplyView(
                word(meaning.reason().verdict()),
                switch (meaning.reason().verdict()) {
                    case DELIVERABLE, CATCH_ALL -> "good";
                    case UNDELIVERABLE -> "bad";
                    case UNDECIDED -> "error";
                    case SKIPPED -> "plain";
                },
                word(meaning.reason()),
                switch (meaning.next()) {
                    case END -> "ends the session";
                    case NEXT_HOST -> "tries the next MX host";
                    case POSTMASTER_CHECK -> "sends RCPT for the postmaster; undecided unless that is accepted";
                    case START_TLS -> "sends STARTTLS and repeats the command";
                    case LOCK_STEP -> "repeats the commands without PIPELINING";
                },
                meaning.reason()
                        .suggestedReply()
                        .map(SmtpReply::toString)
                        .orElse("none, continue with the other checks"),
                meaning.rule(),
                meaning.source());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
