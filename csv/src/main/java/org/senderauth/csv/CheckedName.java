package org.senderauth.csv;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.csv.CsaOutcomeDetail.NotApplicable;
import org.senderauth.csv.CsaOutcomeDetail.NotApplicable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;

/** The subject of a check: a name in lower case and A-labels with the client's address, or the reason why there is none. */
sealed interface CheckedName {

    record Named(Name domain, InetAddress client) implements CheckedName {}

    record Unnamed(NotApplicable finding) implements CheckedName {}

    /** The subject of a query, as the mode reads what the client sent. */
    static CheckedName of(CsvQuery query, CsaMode mode, boolean reverseTree) {
        if (query.client() == null) {
            return unnamed(Cause.LOCAL);
        }
        InetAddress client = IpAddresses.unmapped(query.client());
        String said = query.helo();
        if (said == null || said.isEmpty()) {
            return reverseTree ? reverse(client, client) : unnamed(Cause.NO_HELO);
        }
        String helo = MailDomain.parse(said).orElse(said);
        boolean bracketed = helo.startsWith("[");
        String text = bracketed ? mode == CsaMode.EXIM ? withoutFrameAsExim(helo) : withoutFrame(helo) : helo;
        Optional<InetAddress> address = text == null ? Optional.empty() : IpAddresses.parse(text);
        if (address.isPresent()) {
            return reverseTree ? reverse(address.get(), client) : unnamed(Cause.ADDRESS);
        }
        // Exim takes whatever else stood in the brackets for a name.
        if (text == null || (bracketed && mode == CsaMode.RECOMMENDED)) {
            return unnamed(Cause.ADDRESS);
        }
        Name domain = bracketed || MailDomain.parse(text).isPresent()
                ? DomainNames.parse(text).orElse(null)
                : null;
        return domain == null ? unnamed(Cause.NOT_A_NAME) : new Named(domain.canonicalize(), client);
    }

    // RFC 5321 section 4.1.3: "[" IPv4 "]" or "[IPv6:" IPv6 "]".
    private static @Nullable String withoutFrame(String literal) {
        if (!literal.endsWith("]")) {
            return null;
        }
        String content = literal.substring(1, literal.length() - 1);
        return content.toLowerCase(Locale.ROOT).startsWith("ipv6:") ? content.substring("ipv6:".length()) : content;
    }

    // Exim's acl_verify_csa: from after the first colon, or the bracket if there is none, to before the last octet.
    private static @Nullable String withoutFrameAsExim(String literal) {
        int start = Math.max(literal.indexOf(':'), 0) + 1;
        return start >= literal.length() ? null : literal.substring(start, literal.length() - 1);
    }

    private static Named reverse(InetAddress address, InetAddress client) {
        return new Named(ReverseMap.fromAddress(address), client);
    }

    private static Unnamed unnamed(Cause cause) {
        return new Unnamed(new NotApplicable(cause));
    }
}
