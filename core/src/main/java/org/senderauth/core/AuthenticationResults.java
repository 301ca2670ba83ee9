package org.senderauth.core;

import java.util.ArrayList;
import java.util.List;

/** Writes the header field Authentication-Results (RFC 8601 section 2.2). Stateless, thread-safe. */
public final class AuthenticationResults {

    /** The name of the field. */
    public static final String NAME = "Authentication-Results";

    private static final int MAX_SERVER = 128;

    private AuthenticationResults() {}

    /**
     * Returns the field for some results.
     *
     * @param server the authentication service identifier: the host that did the checks (RFC 8601 section 2.5)
     * @param results the results in the order in which they are written; none is written as {@code none}
     * @return the field
     */
    public static HeaderField field(String server, List<AuthResult> results) {
        HeaderField.Parts parts = new HeaderField.Parts().add(HeaderText.value(server, MAX_SERVER));
        if (results.isEmpty()) {
            parts.next("none");
        }
        for (AuthResult result : results) {
            List<String> words = result.parts();
            parts.next(words.get(0));
            for (int i = 1; i < words.size(); i++) {
                parts.add(words.get(i));
            }
        }
        return HeaderField.of(NAME, parts.list());
    }

    /**
     * Returns as many fields as are needed so that each fits on one line of {@value HeaderField#MAX_LINE} characters, for
     * protocols in which a field is a line.
     *
     * @param server the authentication service identifier
     * @param results the results
     * @return the fields; empty if there are no results
     */
    public static List<HeaderField> lines(String server, List<AuthResult> results) {
        int alone = (NAME + ": " + HeaderText.value(server, MAX_SERVER)).length();
        List<HeaderField> fields = new ArrayList<>();
        List<AuthResult> line = new ArrayList<>();
        int length = alone;
        for (AuthResult result : results) {
            int added = "; ".length() + result.toString().length();
            if (!line.isEmpty() && length + added > HeaderField.MAX_LINE) {
                fields.add(field(server, line));
                line.clear();
                length = alone;
            }
            line.add(result);
            length += added;
        }
        if (!line.isEmpty()) {
            fields.add(field(server, line));
        }
        return fields;
    }
}
