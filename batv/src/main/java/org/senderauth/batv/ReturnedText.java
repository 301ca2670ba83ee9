package org.senderauth.batv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a returned message in the text of a bounce: qmail and Exim append it as it is. */
final class ReturnedText {

    /** Fields with which a copy begins: those that mail servers put on top, or a usual first field. */
    private static final List<String> FIRST_FIELDS =
            List.of("\nReturn-Path: <", "\nReturn-path: <", "\nReceived: ", "\nDKIM-Signature: ", "\nMessage-ID: <");

    /** The number of fields that make a header of what follows. */
    private static final int FIELDS = 3;

    private ReturnedText() {}

    static @Nullable ReturnedMessage find(String text, List<MimePart> parts, boolean complete) {
        for (MimePart part : parts) {
            int start = part.type().is("text/plain") ? start(text, part) : -1;
            if (start >= 0) {
                ReturnedMessage message =
                        new ReturnedMessage(ReturnedMessage.Form.TEXT, text, start, part.end(), complete);
                return message.header().fields().size() >= FIELDS ? message : null;
            }
        }
        return null;
    }

    private static int start(String text, MimePart part) {
        String body = text.substring(part.start(), Math.min(part.end(), part.start() + BodyText.MAX_TEXT));
        int first = -1;
        for (String field : FIRST_FIELDS) {
            int at = body.indexOf(field);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first < 0 ? -1 : part.start() + first + 1;
    }
}
