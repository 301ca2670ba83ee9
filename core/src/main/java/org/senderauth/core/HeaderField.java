package org.senderauth.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A structured header field as a name and the parts between which it may be folded (RFC 5322 section 2.2.3). Immutable.
 *
 * <p>Protocols that take one line (the policy delegation protocol) use {@link #toString()}, everything else
 * {@link #folded()}.
 */
public final class HeaderField {

    /** The length at which a line is folded where that is possible (RFC 5322 section 2.1.1). */
    public static final int FOLD_LENGTH = 78;

    /** The maximum length of a line (RFC 5322 section 2.1.1). */
    public static final int MAX_LINE = 998;

    private final String name;
    private final List<String> parts;

    private HeaderField(String name, List<String> parts) {
        this.name = name;
        this.parts = parts;
    }

    /**
     * Returns a field of the given parts.
     *
     * @param name the field's name, without the colon
     * @param parts the parts of its body, which are separated by a space or a fold; not empty
     * @return the field
     * @throws IllegalArgumentException if the name is not a field name, or if a part contains a control character
     */
    public static HeaderField of(String name, List<String> parts) {
        if (!Ascii.isDotAtom(name)) {
            throw new IllegalArgumentException("name must be a header field name, was \"" + name + "\"");
        }
        List<String> copy = List.copyOf(parts);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("parts must not be empty");
        }
        for (String part : copy) {
            if (part.isEmpty() || hasControl(part)) {
                throw new IllegalArgumentException("parts must not be empty or contain control characters");
            }
        }
        return new HeaderField(name, copy);
    }

    private static boolean hasControl(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c < ' ' || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** {@return the field's name, without the colon} */
    public String name() {
        return name;
    }

    /** {@return the body on one line} */
    public String body() {
        return String.join(" ", parts);
    }

    /** {@return the whole field on one line, without a newline} */
    @Override
    public String toString() {
        return name + ": " + body();
    }

    /**
     * Returns the whole field with CR LF and a space wherever a line would exceed {@value #FOLD_LENGTH} characters and the
     * grammar allows a fold.
     *
     * @return the field without a final newline
     */
    public String folded() {
        return name + ": " + foldedBody("\r\n ");
    }

    /**
     * Returns the body folded, for an MTA that adds the name itself (the milter protocol).
     *
     * @param fold the newline and the white space after it
     * @return the body without a final newline
     */
    public String foldedBody(String fold) {
        StringBuilder body = new StringBuilder();
        int column = name.length() + 2;
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i > 0) {
                boolean fits = column + 1 + part.length() <= FOLD_LENGTH;
                body.append(fits ? " " : fold);
                column = fits ? column + 1 : 1;
            }
            body.append(part);
            column += part.length();
        }
        return body.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderField field && name.equals(field.name) && parts.equals(field.parts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, parts);
    }

    /** Collects the parts of a field. Not thread-safe. */
    static final class Parts {
        private final List<String> parts = new ArrayList<>();

        Parts add(String part) {
            parts.add(part);
            return this;
        }

        /** Ends the part before with a semicolon, as the next one follows. */
        Parts next(String part) {
            int last = parts.size() - 1;
            parts.set(last, parts.get(last) + ";");
            return add(part);
        }

        List<String> list() {
            return parts;
        }
    }
}
