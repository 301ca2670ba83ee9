package org.senderauth.cli.serve;

import org.senderauth.core.Printable;

/** Texts of others in lines of the log. */
final class LogText {

    private LogText() {}

    /** In quotes: what others sent must not look like a line or a field of ours. */
    static String quoted(String text) {
        return '"' + Printable.of(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
