package org.senderauth.spf;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;

/**
 * The client and the identity of one check. Any text is accepted: paths with angle brackets and spaces around them
 * ({@link EnvelopePath}); a text that is neither an address nor a name gets the result none (RFC 7208 section 4.3) with a
 * {@link SpfResult#problem}. Immutable.
 *
 * @param client the address of the SMTP client; an IPv4-mapped IPv6 address counts as IPv4
 * @param identity the identity to check
 * @param mailFrom the sender without angle brackets; empty for the null sender, or to check HELO only
 * @param helo the HELO name; empty if it is unknown
 */
public record SpfQuery(InetAddress client, SpfIdentity identity, String mailFrom, String helo) {

    /**
     * Creates a query.
     *
     * @param client the address of the SMTP client
     * @param identity the identity to check
     * @param mailFrom the sender, with or without angle brackets; empty or {@code <>} for the null sender
     * @param helo the HELO name; empty if it is unknown
     * @throws NullPointerException if one of them is null
     */
    public SpfQuery {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(identity, "identity");
        mailFrom = bare(Objects.requireNonNull(mailFrom, "mailFrom"));
        helo = isPlain(Objects.requireNonNull(helo, "helo"))
                ? helo
                : MailDomain.parse(helo).orElse(helo.isBlank() ? "" : helo);
    }

    private static String bare(String text) {
        if (isPlain(text) && !text.endsWith(".")) {
            return text;
        }
        EnvelopePath path = EnvelopePath.parse(text);
        if (path instanceof EnvelopePath.Null) {
            return "";
        }
        if (path instanceof EnvelopePath.Partial partial) {
            return partial.domain().isEmpty() ? partial.localPart() : "@" + partial.domain();
        }
        return path.address().map(address -> asWritten(address, text)).orElse(text);
    }

    // The macros expand the local part as it came (RFC 7208 section 7.3).
    private static String asWritten(MailAddress address, String text) {
        return address.isQuoted() && text.indexOf('"') < 0
                ? address.unquotedLocalPart() + "@" + address.domain()
                : address.toString();
    }

    // Most texts are plain addresses: a fast path, since a check takes less than a microsecond.
    private static boolean isPlain(String text) {
        int at = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '@' && c < 0x7f) {
                continue;
            }
            if (c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"') {
                return false;
            }
            if (c == '@') {
                if (at >= 0 || i == 0 || i == text.length() - 1) {
                    return false;
                }
                at = i;
            }
        }
        return true;
    }

    /** Returns why the checked identity is neither an address nor a name; null if it is one, or empty. */
    @Nullable
    String problem() {
        if (identity == SpfIdentity.HELO || mailFrom.isEmpty()) {
            return helo.isEmpty()
                            || isPlain(helo) && helo.indexOf('@') < 0
                            || MailDomain.parse(helo).isPresent()
                    ? null
                    : "malformed HELO name";
        }
        return !isPlain(mailFrom) && EnvelopePath.parse(mailFrom) instanceof EnvelopePath.Malformed malformed
                ? "malformed sender: " + malformed.problem()
                : null;
    }

    /**
     * Returns a query about the MAIL FROM identity.
     *
     * @param client the address of the SMTP client
     * @param mailFrom the sender, with or without angle brackets; empty or {@code <>} for the null sender
     * @param helo the HELO name; empty if it is unknown
     * @return the query
     */
    public static SpfQuery mailFrom(InetAddress client, String mailFrom, String helo) {
        return new SpfQuery(client, SpfIdentity.MAIL_FROM, mailFrom, helo);
    }

    /**
     * Returns a query about the HELO identity.
     *
     * @param client the address of the SMTP client
     * @param helo the HELO name
     * @return the query
     */
    public static SpfQuery helo(InetAddress client, String helo) {
        return new SpfQuery(client, SpfIdentity.HELO, "", helo);
    }

    SpfQuery withIdentity(SpfIdentity other) {
        return new SpfQuery(client, other, mailFrom, helo);
    }
}
