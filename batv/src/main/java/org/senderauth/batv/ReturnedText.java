package org.senderauth.batv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a returned message in the text of a bounce: qmail and Exim append it as it is. */
final class ReturnedText {

    /** Fields with which a copy begins: those that mail servers put on top, or a usual first field. */
    private static final List<String> FIRST_FIELDS =
            List.of("Return-Path: <", "Return-path: <", "Received: ", "DKIM-Signature: ", "Message-ID: <");

    private static final String FIRST_LETTERS = "RDM";

    /** The number of fields that make a header of what follows. */
    private static final int FIELDS = 3;

    private ReturnedText() {}

    static @Nullable ReturnedMessage find(String text, List<MimePart> parts, boolean complete) {
        for (MimePart part : parts) {
            if (part.type().is("text/plain")) {
                boolean encoded = part.isEncoded();
                String copy = encoded ? part.decoded(text) : text;
                int start = encoded ? 0 : part.start();
                ReturnedMessage message = find(copy, start, encoded ? copy.length() : part.end(), complete);
                if (message != null) {
                    return message;
                }
            }
        }
        return null;
    }

    /** The first lines after the first one that begin with such a field, and are a header. */
    private static @Nullable ReturnedMessage find(String text, int start, int end, boolean complete) {
        int limit = Math.min(end, start + BodyText.MAX_TEXT);
        int at = HeaderFields.lineEnd(text, start) + 1;
        while (at < limit) {
            if (isFirstField(text, at)) {
                ReturnedMessage message = new ReturnedMessage(ReturnedMessage.Form.TEXT, text, at, end, complete);
                if (message.header().fields().size() >= FIELDS) {
                    return message;
                }
                // A line of the report such as "Received: 550 ..."; what is up to the next empty line has been read.
                at = Math.max(at + 1, message.header().end());
            } else {
                at = HeaderFields.lineEnd(text, at) + 1;
            }
        }
        return null;
    }

    private static boolean isFirstField(String text, int at) {
        if (FIRST_LETTERS.indexOf(text.charAt(at)) >= 0) {
            for (String field : FIRST_FIELDS) {
                if (text.startsWith(field, at)) {
                    return true;
                }
            }
        }
        return false;
    }
}
