package org.senderauth.server.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page "Try": three forms, and what the last one found. Immutable.
 *
 * @param formToken the token of the forms
 * @param ip the field for the client
 * @param helo the field for its HELO name
 * @param from the field for the envelope sender
 * @param domain the field for the domain of an SPF record
 * @param reply the field for a mail server's reply
 * @param problems what is wrong with a form
 * @param decision the decision on a transaction; null for none
 * @param lint the findings about an SPF record; null for none
 * @param meaning the meaning of a reply; null for none
 */
record TryView(
        String formToken,
        String ip,
        String helo,
        String from,
        String domain,
        String reply,
        List<String> problems,
        @Nullable DecisionView decision,
        @Nullable LintView lint,
        @Nullable ReplyView meaning) {

    /** Creates a view; the list is copied. */
    TryView {
        problems = List.copyOf(problems);
    }
}
