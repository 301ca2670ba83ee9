package org.senderauth.callout.reply;

import java.util.List;

/**
 * A reply in the form with which rows are compared. For one classification; not thread-safe.
 *
 * @param stage the command that it replies to
 * @param code the three digits
 * @param enhancedCodes the enhanced status codes of the reply's class, such as {@code 5.1.1}
 * @param contradicted a permanent reply code with an enhanced status code of a temporary failure
 * @param words the text
 */
record SearchedReply(
        ReplyStage stage, String code, List<String> enhancedCodes, boolean contradicted, SearchedText words) {

    /**
     * Returns the form of a reply.
     *
     * @throws ReplyTooLongException if its text is longer than that of any real reply
     */
    static SearchedReply of(ServerReply reply, ReplyStage stage) {
        ReplyText text = ReplyText.of(reply);
        return new SearchedReply(
                stage,
                Integer.toString(1000 + reply.code()).substring(1),
                text.codes().stream().map(EnhancedStatusCode::toString).toList(),
                text.contradicted(),
                SearchedText.of(text.words()));
    }

    /** Returns the same reply with another text. */
    SearchedReply with(SearchedText other) {
        return new SearchedReply(stage, code, enhancedCodes, contradicted, other);
    }

    /** {@return true if the text contains an IP address: in general words it is that of the host that probes} */
    boolean hasIpAddress() {
        return words.toString().indexOf('%') >= 0;
    }
}
