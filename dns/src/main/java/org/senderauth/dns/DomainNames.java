package org.senderauth.dns;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUInputTooLongException;
import java.io.IOException;
import java.util.Optional;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;

/** Turns text into absolute DNS names. Thread-safe. */
public final class DomainNames {

    // UTS 46, non-transitional: IDNA2008's answer for the four characters on which IDNA2003 differs, ß among them.
    private static final class Uts46 {
        static final IDNA INSTANCE = IDNA.getUTS46Instance(
                IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.USE_STD3_RULES);
    }

    private DomainNames() {}

    /**
     * The absolute name that a text means, whatever its labels hold: no hostname rules, one optional dot at the end,
     * no escapes (a backslash is a backslash). U-labels become A-labels (RFC 8616 section 4).
     *
     * @param text a domain name
     * @return the name, or nothing if the text is empty, has an empty label, a label over 63 or a name over 253
     *     octets, or non-ASCII text that is no U-label
     */
    public static Optional<Name> parse(String text) {
        return toAscii(text).flatMap(DomainNames::name);
    }

    /**
     * The absolute name that this program's own code or configuration means.
     *
     * @param text a domain name
     * @return the name
     * @throws IllegalArgumentException if {@link #parse} gives nothing
     */
    public static Name of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a domain name: " + printable(text)));
    }

    /**
     * The A-label form of a domain name, by UTS 46 non-transitional processing. ASCII names are given back as they are.
     *
     * @param domain a domain name
     * @return the name in ASCII, or nothing if a label is no U-label
     */
    public static Optional<String> toAscii(String domain) {
        for (int i = 0; i < domain.length(); i++) {
            if (domain.charAt(i) >= 0x80) {
                return unicodeToAscii(domain);
            }
        }
        return Optional.of(domain);
    }

    private static Optional<String> unicodeToAscii(String domain) {
        IDNA.Info info = new IDNA.Info();
        try {
            StringBuilder ascii = Uts46.INSTANCE.nameToASCII(domain, new StringBuilder(), info);
            return info.hasErrors() ? Optional.empty() : Optional.of(ascii.toString());
        } catch (ICUInputTooLongException e) {
            // ICU gives up at a label of 1000 characters, far above the 63 octets that it may have.
            return Optional.empty();
        }
    }

    /**
     * A name as text for people and for headers: without the dot at the end, in the case it has.
     *
     * @param name an absolute name
     * @return the text; the root is {@code .}
     */
    public static String text(Name name) {
        return name.labels() <= 1 ? "." : name.toString(true);
    }

    private static Optional<Name> name(String text) {
        int length = text.endsWith(".") ? text.length() - 1 : text.length();
        if (length == 0 || length > 253) {
            return Optional.empty();
        }
        byte[] wire = new byte[length + 2];
        int labelStart = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || text.charAt(i) == '.') {
                int labelLength = i - labelStart;
                if (labelLength == 0 || labelLength > 63) {
                    return Optional.empty();
                }
                wire[labelStart] = (byte) labelLength;
                labelStart = i + 1;
            } else {
                wire[i + 1] = (byte) text.charAt(i);
            }
        }
        try {
            return Optional.of(new Name(new DNSInput(wire)));
        } catch (IOException e) {
            throw new IllegalStateException("lengths were checked", e);
        }
    }

    /** What others sent, so that it breaks no line of a message. */
    static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
