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
            int start = part.type().is("text/plain") ? start(text, part) : -1;
            if (start >= 0) {
                ReturnedMessage message =
                        new ReturnedMessage(ReturnedMessage.Form.TEXT, text, start, part.end(), complete);
                return message.header().fields().size() >= FIELDS ? message : null;
            }
        }
        return null;
    }

    /** The offset of the first line after the first one that begins with such a field, or -1. */
    private static int start(String text, MimePart part) {
        int end = Math.min(part.end(), part.start() + BodyText.MAX_TEXT);
        for (int at = HeaderFields.lineEnd(text, part.start()) + 1; at < end; at = HeaderFields.lineEnd(text, at) + 1) {
            if (FIRST_LETTERS.indexOf(text.charAt(at)) >= 0) {
                for (String field : FIRST_FIELDS) {
                    if (text.startsWith(field, at)) {
                        return at;
                    }
                }
            }
        }
        return -1;
    }
}
