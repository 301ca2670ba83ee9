package org.senderauth.dkim2;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.senderauth.core.Ascii;
import org.senderauth.dns.DomainNames;

/**
 * A path of an envelope as DKIM2 compares it: the local part byte for byte, the domain in lower case and A-labels. Nothing
 * else is normalized: a quoted local part is another one than the same without quotes. Immutable.
 *
 * @param localPart the local part; empty for the null reverse-path
 * @param domain the domain; empty for the null reverse-path and for a local part alone, such as postmaster
 */
record SignedPath(String localPart, String domain) {

    static final SignedPath NULL = new SignedPath("", "");

    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;

    /** Reads the value of mf= or of one entry of rt=: base64 of a path with its angle brackets (-06 section 8.5). */
    static Optional<SignedPath> decode(String base64) {
        return Base64Text.decode(base64).flatMap(SignedPath::utf8).flatMap(SignedPath::bracketed);
    }

    private static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<SignedPath> bracketed(String path) {
        return path.startsWith("<") && path.endsWith(">") && path.length() >= 2
                ? inner(path.substring(1, path.length() - 1))
                : Optional.empty();
    }

    /** Reads an argument of MAIL FROM or RCPT TO, with or without its angle brackets. */
    static Optional<SignedPath> ofEnvelope(String path) {
        return path.startsWith("<") ? bracketed(path) : inner(path);
    }

    private static Optional<SignedPath> inner(String mailbox) {
        if (mailbox.isEmpty()) {
            return Optional.of(NULL);
        }
        if (!Characters.all(mailbox, c -> c >= ' ' && c != 0x7f)) {
            return Optional.empty();
        }
        int at = mailbox.lastIndexOf('@');
        if (at < 0) {
            return Optional.of(new SignedPath(mailbox, ""));
        }
        String domain = mailbox.substring(at + 1);
        return at == 0 ? Optional.empty() : domain(domain).map(name -> new SignedPath(mailbox.substring(0, at), name));
    }

    /** A domain in the form in which it is compared; an address literal is one. */
    static Optional<String> domain(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return Optional.of(Ascii.toLowerCase(text));
        }
        return DomainNames.toAscii(text)
                .map(ascii -> ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii)
                .filter(SignedPath::isName)
                .map(Ascii::toLowerCase);
    }

    // Labels of 1 to 63 letters, digits, hyphens and underscores, in all at most 253 (RFC 1035 section 2.3.4).
    private static boolean isName(String domain) {
        int label = 0;
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            if (c == '.' && label > 0) {
                label = 0;
            } else if (!Characters.isAlphanumeric(c) && c != '-' && c != '_' || ++label > MAX_LABEL) {
                return false;
            }
        }
        return label > 0 && domain.length() <= MAX_NAME;
    }

    /** Tests by labels whether a domain is another one or below it; both as {@link #domain} returns them. */
    static boolean isAtOrBelow(String domain, String parent) {
        return domain.equals(parent) || !parent.isEmpty() && domain.endsWith("." + parent);
    }

    boolean isNull() {
        return equals(NULL);
    }

    String base64() {
        return Base64Text.encode(toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return domain.isEmpty() ? "<" + localPart + ">" : "<" + localPart + "@" + domain + ">";
    }
}
