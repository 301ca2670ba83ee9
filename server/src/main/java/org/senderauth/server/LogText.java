package org.senderauth.server;

import org.senderauth.core.SafeText;

/** Texts of others in lines of the log. */
final class LogText {

    private LogText() {}

    /** Quotes a text, since untrusted text must not look like a line or a field of this log. */
    static String quoted(String text) {
        return '"' + safe(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** In one line of printable characters. */
    static String safe(String text) {
        return SafeText.of(text);
    }
}
