package org.senderauth.batv;

import java.util.ArrayList;
import java.util.List;

/** The Content-Types of the parts of a multipart body (RFC 2046 section 5.1), those directly in it. */
final class MultipartParts {

    /** Most characters of a boundary (RFC 2046 section 5.1.1). */
    private static final int MAX_BOUNDARY = 70;

    private MultipartParts() {}

    static List<ContentType> types(String text, int body, String boundary) {
        List<ContentType> types = new ArrayList<>();
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            return types;
        }
        String delimiter = "--" + boundary;
        int at = body;
        while (at < text.length() && types.size() < MessageContent.MAX_PARTS) {
            int end = HeaderFields.lineEnd(text, at);
            String line = text.substring(at, end).stripTrailing();
            at = end + 1;
            if (line.equals(delimiter)) {
                HeaderFields header = HeaderFields.parse(text, Math.min(at, text.length()));
                types.add(ContentType.parse(header.first("content-type")));
                at = header.end();
            } else if (line.equals(delimiter + "--")) {
                break;
            }
        }
        return types;
    }
}
