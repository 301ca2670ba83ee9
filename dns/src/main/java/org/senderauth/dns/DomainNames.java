package org.senderauth.dns;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;

/** Converts text to absolute DNS names. Thread-safe. */
public final class DomainNames {

    /** The dots of UTS 46 section 4.5. */
    private static final Pattern DOTS = Pattern.compile("[.\u3002\uff0e\uff61]");

    private DomainNames() {}

    /**
     * Parses a domain name of any labels: no host name rules, one optional dot at the end, no escapes (a backslash is a
     * backslash). U-labels become A-labels (RFC 8616 section 4).
     *
     * @param text a domain name
     * @return the absolute name; empty if the text is empty, has an empty label, a label over 63 or a name over 253
     *     octets, or non-ASCII text that is not a U-label
     */
    public static Optional<Name> parse(String text) {
        return name(text);
    }

    /**
     * Returns the absolute name of a domain that this program's own code or configuration names.
     *
     * @param text a domain name
     * @return the name
     * @throws IllegalStateException if it is beyond ASCII and ICU4J was excluded: {@code com.ibm.icu:icu4j}
     * @throws IllegalArgumentException if {@link #parse} returns nothing, or the text contains a space, a control
     *     character, {@code <}, {@code >}, {@code @} or a quotation mark: it is an address, or has something around it
     */
    public static Name of(String text) {
        if (isIcuMissing(text)) {
            throw new IllegalStateException(
                    "domain names beyond ASCII require ICU4J; add com.ibm.icu:icu4j to the class" + " path: "
                            + printable(text));
        }
        return parse(text)
                .filter(name -> text.chars().noneMatch(c -> c <= ' ' || c == 0x7f || "<>@\"".indexOf(c) >= 0))
                .orElseThrow(() -> new IllegalArgumentException("not a domain name: " + printable(text)));
    }

    /**
     * Returns the absolute name of a domain that this program's own code or configuration names.
     *
     * @param text a domain name
     * @param parameter the parameter, for the message
     * @return the name
     * @throws NullPointerException if the text is null
     * @throws IllegalArgumentException if {@link #of} does not accept the text; the message names the parameter
     */
    public static Name require(String text, String parameter) {
        try {
            return of(Objects.requireNonNull(text, parameter));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    parameter + " must be a domain name such as example.org, was '" + printable(text) + "'", e);
        }
    }

    /**
     * Converts a domain name to A-labels, by UTS 46 non-transitional processing. ASCII names, and the ASCII labels of a name
     * with an underscore, are returned unchanged; if ICU4J was excluded, no other name is valid.
     *
     * @param domain a domain name
     * @return the name in ASCII; empty if a label is not a U-label
     */
    public static Optional<String> toAscii(String domain) {
        for (int i = 0; i < domain.length(); i++) {
            if (domain.charAt(i) >= 0x80) {
                return unicodeToAscii(domain);
            }
        }
        return Optional.of(domain);
    }

    /**
     * Returns the one form of a domain in which two are compared and in which one is a key: A-labels in lower case, without
     * the dot at the end of an absolute name.
     *
     * @param domain a domain, an address literal or any other text
     * @return the form; a text with a label that is not a U-label keeps it, with its ASCII letters in lower case
     */
    public static String canonical(String domain) {
        Optional<String> ascii = toAscii(domain);
        String text = ascii.orElse(domain);
        int last = text.length() - 1;
        boolean absolute = last > 0 && text.charAt(last) == '.' && text.charAt(last - 1) != '.';
        String relative = absolute ? text.substring(0, last) : text;
        return ascii.isPresent() ? relative.toLowerCase(Locale.ROOT) : asciiInLowerCase(relative);
    }

    // Not toLowerCase: it makes a k of the Kelvin sign, and so another domain.
    private static String asciiInLowerCase(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c | 0x20));
            }
        }
        return lower.toString();
    }

    private static Optional<String> unicodeToAscii(String domain) {
        try {
            // UTS 46 knows host names only, and rejects a whole name for the underscore of one label.
            return domain.indexOf('_') < 0 ? Uts46.toAscii(domain) : labelsToAscii(domain);
        } catch (NoClassDefFoundError e) {
            // ICU4J was excluded: such names are not valid then, as for a server without SMTPUTF8 (RFC 6531).
            return Optional.empty();
        }
    }

    private static Optional<String> labelsToAscii(String domain) {
        StringJoiner ascii = new StringJoiner(".");
        for (String label : DOTS.split(domain, -1)) {
            boolean isAscii = label.chars().allMatch(c -> c < 0x80);
            Optional<String> converted = isAscii ? Optional.of(label) : Uts46.toAscii(label);
            if (converted.isEmpty()) {
                return Optional.empty();
            }
            ascii.add(converted.get());
        }
        return Optional.of(ascii.toString());
    }

    private static boolean isIcuMissing(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return false;
        }
        try {
            Uts46.toAscii(text);
            return false;
        } catch (NoClassDefFoundError e) {
            return true;
        }
    }

    /**
     * Formats a name for humans and header fields: without the final dot, its case unchanged.
     *
     * @param name an absolute name
     * @return the text; the root is {@code .}
     */
    public static String text(Name name) {
        return name.labels() <= 1 ? "." : name.toString(true);
    }

    // In one pass, since it is on the path of every check.
    private static Optional<Name> name(String text) {
        int length = text.endsWith(".") ? text.length() - 1 : text.length();
        if (length == 0 || length > 253) {
            return text.chars().allMatch(c -> c < 0x80)
                    ? Optional.empty()
                    : unicodeToAscii(text).flatMap(DomainNames::name);
        }
        byte[] wire = new byte[length + 2];
        int labelStart = 0;
        for (int i = 0; i <= length; i++) {
            char c = i == length ? '.' : text.charAt(i);
            if (c >= 0x80) {
                return unicodeToAscii(text).flatMap(DomainNames::name);
            }
            if (c == '.') {
                int labelLength = i - labelStart;
                if (labelLength == 0 || labelLength > 63) {
                    return Optional.empty();
                }
                wire[labelStart] = (byte) labelLength;
                labelStart = i + 1;
            } else {
                wire[i + 1] = (byte) c;
            }
        }
        try {
            return Optional.of(new Name(new DNSInput(wire)));
        } catch (IOException e) {
            throw new IllegalStateException("lengths were checked", e);
        }
    }

    /** Sanitizes untrusted text for one line of a message. */
    static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
