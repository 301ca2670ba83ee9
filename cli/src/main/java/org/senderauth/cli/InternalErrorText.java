package org.senderauth.cli;

import org.senderauth.core.SafeText;

/** Reports an exception that no command expects, which is a bug in this program. */
final class InternalErrorText {

    private InternalErrorText() {}

    /** Returns one line without the names of our classes, which mean nothing to the reader. */
    static String of(Exception failure) {
        String message = failure.getMessage();
        return "internal error: " + (message == null ? "no details" : SafeText.of(message));
    }
}
