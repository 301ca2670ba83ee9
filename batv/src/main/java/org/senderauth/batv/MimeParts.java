package org.senderauth.batv;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a message into its parts (RFC 2046 section 5.1), with those of nested multiparts. An enclosed message is one part:
 * the parts in it are its own. Bounded by {@link MessageContent#MAX_PARTS} and {@link #MAX_DEPTH}.
 */
final class MimeParts {

    /** The maximum number of multiparts inside each other; a signed report in a mailing list message has three. */
    static final int MAX_DEPTH = 8;

    /** The maximum number of characters of a boundary (RFC 2046 section 5.1.1). */
    private static final int MAX_BOUNDARY = 70;

    private final String text;
    private final List<MimePart> parts = new ArrayList<>();

    /** The delimiters of the open multiparts, the innermost first. */
    private final Deque<String> open = new ArrayDeque<>();

    private MimeParts(String text) {
        this.text = text;
    }

    /** The parts in their order, each multipart before its own parts; for a message without parts, its body. */
    static List<MimePart> of(String text, HeaderFields header) {
        return new MimeParts(text).split(header);
    }

    private List<MimePart> split(HeaderFields header) {
        MimePart current = begin(header);
        // The line before the first delimiter may be the empty one that ends the header.
        int at = open.isEmpty() ? -1 : text.indexOf("\n--", Math.max(0, header.end() - 1));
        while (!open.isEmpty() && at >= 0 && parts.size() < MessageContent.MAX_PARTS) {
            int lineEnd = HeaderFields.lineEnd(text, at + 1);
            int delimiter = matching(at + 1, lineEnd);
            if (delimiter == 0) {
                at = text.indexOf("\n--", at + 1);
                continue;
            }
            finish(current, at);
            boolean last = text.startsWith("--", at + 1 + delimiter);
            current = null;
            if (last) {
                open.pop();
            } else {
                current = begin(HeaderFields.parse(text, Math.min(lineEnd + 1, text.length())));
            }
            at = text.indexOf("\n--", current == null ? lineEnd : Math.max(lineEnd, current.start() - 1));
        }
        finish(current, text.length());
        return parts;
    }

    private MimePart begin(HeaderFields header) {
        MimePart part = new MimePart(MimePart.typeOf(header), header, header.end(), header.end());
        String boundary = part.isMultipart() ? part.type().parameter("boundary") : "";
        if (!boundary.isEmpty() && boundary.length() <= MAX_BOUNDARY && open.size() < MAX_DEPTH) {
            parts.add(part);
            open.push("--" + boundary);
        }
        return part;
    }

    /** Adds the part that ends at this offset; a multipart has been added already, and text before its first part is not. */
    private void finish(@Nullable MimePart part, int end) {
        if (part != null && (parts.isEmpty() || parts.get(parts.size() - 1) != part)) {
            int cut = end > part.start() && text.charAt(end - 1) == '\r' ? end - 1 : end;
            parts.add(new MimePart(part.type(), part.header(), part.start(), Math.max(part.start(), cut)));
        }
    }

    /** The length of the delimiter on this line, or 0; multiparts inside the delimited one end here. */
    private int matching(int start, int end) {
        int inner = 0;
        for (Iterator<String> delimiters = open.iterator(); delimiters.hasNext(); inner++) {
            String delimiter = delimiters.next();
            if (isDelimiter(delimiter, start, end)) {
                for (int i = 0; i < inner; i++) {
                    open.pop();
                }
                return delimiter.length();
            }
        }
        return 0;
    }

    private boolean isDelimiter(String delimiter, int start, int end) {
        if (!text.startsWith(delimiter, start)) {
            return false;
        }
        int at = start + delimiter.length();
        if (text.startsWith("--", at)) {
            at += 2;
        }
        while (at < end && text.charAt(at) <= ' ') {
            at++;
        }
        return at >= end;
    }
}
