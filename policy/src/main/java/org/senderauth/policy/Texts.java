package org.senderauth.policy;

import org.senderauth.core.SmtpReply;

/** Text of others made fit for replies, headers and reports. */
final class Texts {

    private Texts() {}

    /** The text on one line, without control characters. */
    static String oneLine(String text) {
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    }

    /** The text as an SMTP reply carries it: printable ASCII, not too long. */
    static String reply(String text) {
        String printable = oneLine(text).replaceAll("[^ -~]", "?");
        return printable.length() <= SmtpReply.MAX_TEXT ? printable : printable.substring(0, SmtpReply.MAX_TEXT);
    }
}
