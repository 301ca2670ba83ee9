package org.senderauth.callout.reply;

import static org.senderauth.callout.outcome.CalloutReason.DISABLED;
import static org.senderauth.callout.outcome.CalloutReason.MOVED;
import static org.senderauth.callout.outcome.CalloutReason.NO_SUCH_MAILBOX;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * One row of the table: a kind of reply and its meaning. Immutable.
 *
 * @param id the name of the row
 * @param stages the stages of the session that it applies to
 * @param replyCodes the reply codes, as a pattern such as {@code 55.}
 * @param enhancedCodes the enhanced status codes, as a pattern such as {@code 5\.1\.(1|10)}; null for any code or none
 * @param words the words, in the form of {@link ReplyText}; null for any text
 * @param weight the other conditions
 * @param reason the meaning of the reply
 * @param source the text that defines this, or the server that it was observed at
 */
record ReplyRule(
        String id,
        Set<ReplyStage> stages,
        Pattern replyCodes,
        @Nullable Pattern enhancedCodes,
        @Nullable ReplyPhrases words,
        Weight weight,
        CalloutReason reason,
        String source) {

    /** The other conditions for a row to decide. */
    enum Weight {
        /** None: the row decides in its place of the table. */
        DECIDES,
        /** The rest of the reply must not be about us. */
        UNLESS_ABOUT_US,
        /** The same, and the postmaster check must not veto it. */
        UNLESS_POSTMASTER_TOO
    }

    static final Set<ReplyStage> RCPT = EnumSet.of(ReplyStage.RCPT);
    static final Set<ReplyStage> ANY = EnumSet.allOf(ReplyStage.class);

    /** Returns a row for replies to RCPT. */
    static ReplyRule rcpt(
            String id,
            String replyCodes,
            @Nullable String enhancedCodes,
            @Nullable String words,
            Weight weight,
            CalloutReason reason,
            String source) {
        return of(id, RCPT, replyCodes, enhancedCodes, words, weight, reason, source);
    }

    static ReplyRule of(
            String id,
            Set<ReplyStage> stages,
            String replyCodes,
            @Nullable String enhancedCodes,
            @Nullable String words,
            Weight weight,
            CalloutReason reason,
            String source) {
        return new ReplyRule(
                id,
                stages,
                Pattern.compile(replyCodes),
                enhancedCodes == null ? null : Pattern.compile(enhancedCodes),
                words == null ? null : phrases(words, weight, reason),
                weight,
                reason,
                source);
    }

    // In general words an adjective may be followed by a reason.
    private static ReplyPhrases phrases(String words, Weight weight, CalloutReason reason) {
        if (weight == Weight.DECIDES || reason != NO_SUCH_MAILBOX && reason != DISABLED && reason != MOVED) {
            return new ReplyPhrases(words);
        }
        return new ReplyPhrases(
                words,
                (text, found) -> !OtherThings.areBetween(found)
                        && (weight == Weight.UNLESS_POSTMASTER_TOO || !OtherThings.follow(text, found)));
    }

    boolean matches(SearchedReply reply) {
        return stages.contains(reply.stage())
                && replyCodes.matcher(reply.code()).matches()
                && (enhancedCodes == null || reply.enhancedCodes().stream().anyMatch(this::hasCode))
                && (words == null || words.isIn(reply.words()));
    }

    /** Adds the places of this row's words to those of others, without any words that it allows between them. */
    void addPlaces(SearchedText text, BitSet places) {
        if (words != null) {
            words.isIn(text, found -> {
                places.set(found.start(), found.end());
                for (int group = 1; group <= found.groupCount(); group++) {
                    if (found.group(group) != null) {
                        places.clear(found.start(group), found.end(group));
                    }
                }
                return false;
            });
        }
    }

    /** Tests whether this row matches words of which some, but not all, are at the given places. */
    boolean matchesAcross(SearchedReply reply, BitSet places) {
        String text = reply.words().toString();
        return words != null
                && matches(reply)
                && words.isIn(
                        reply.words(),
                        found -> places.get(found.start(), found.end()).cardinality() > 0
                                && IntStream.range(found.start(), found.end())
                                        .anyMatch(at -> !places.get(at) && text.charAt(at) != ' '));
    }

    /** Returns a text without the words of this row; any words that it allows between them stay. */
    SearchedText rest(SearchedText text) {
        return words == null
                ? text
                : words.replacedIn(text, found -> {
                    StringBuilder left = new StringBuilder(" . ");
                    for (int group = 1; group <= found.groupCount(); group++) {
                        left.append(found.group(group) == null ? "" : found.group(group))
                                .append(" . ");
                    }
                    return left.toString();
                });
    }

    private boolean hasCode(String code) {
        return enhancedCodes != null && enhancedCodes.matcher(code).matches();
    }
}
