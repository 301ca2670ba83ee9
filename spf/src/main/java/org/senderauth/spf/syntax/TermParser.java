package org.senderauth.spf.syntax;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/** Parses one term of a record, a directive or a modifier, as in RFC 7208 sections 4.6.1, 5, 6 and 12. */
final class TermParser {

    private final String text;
    private final int start;
    private final int end;

    private TermParser(String text, int start, int end) {
        this.text = text;
        this.start = start;
        this.end = end;
    }

    static Term parse(String text, int start, int end) throws SyntaxException {
        return new TermParser(text, start, end).term();
    }

    private Term term() throws SyntaxException {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '!' || c > '~') {
                throw SyntaxException.character(i, c);
            }
        }
        // "=" directly after a name means a modifier, for every name (section 4.6.1).
        int nameEnd = modifierNameEnd();
        return nameEnd < end && text.charAt(nameEnd) == '=' && nameEnd > start ? modifier(nameEnd) : directive();
    }

    // name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
    private int modifierNameEnd() {
        int at = start;
        while (at < end && (isAlpha(text.charAt(at)) || at > start && isNameRest(text.charAt(at)))) {
            at++;
        }
        return at;
    }

    private Modifier modifier(int nameEnd) throws SyntaxException {
        Span span = new Span(start, end);
        String name = text.substring(start, nameEnd);
        // A known name with a bad value is an error, not an unknown modifier: RFC 7208 erratum on section 12.
        switch (name.toLowerCase(Locale.ROOT)) {
            case "redirect":
                return new Modifier.Redirect(span, DomainSpecParser.parse(text, nameEnd + 1, end));
            case "exp":
                return new Modifier.Explanation(span, DomainSpecParser.parse(text, nameEnd + 1, end));
            default:
                return new Modifier.Unknown(span, name, MacroStringParser.parse(text, nameEnd + 1, end, false));
        }
    }

    private Mechanism directive() throws SyntaxException {
        Span span = new Span(start, end);
        Qualifier qualifier = qualifier(text.charAt(start));
        int nameStart = qualifier == null ? start : start + 1;
        Qualifier meant = qualifier == null ? Qualifier.PASS : qualifier;
        int at = nameStart;
        while (at < end
                && (isAlpha(text.charAt(at)) || at > nameStart && text.charAt(at) >= '0' && text.charAt(at) <= '9')) {
            at++;
        }
        String name = text.substring(nameStart, at).toLowerCase(Locale.ROOT);
        boolean delimited = at == end || text.charAt(at) == ':' || text.charAt(at) == '/';
        switch (delimited ? name : "") {
            case "all":
                nothingFrom(at, name);
                return new Mechanism.All(span, meant);
            case "include":
                return new Mechanism.Include(span, meant, domain(at, name));
            case "exists":
                return new Mechanism.Exists(span, meant, domain(at, name));
            case "ptr":
                return new Mechanism.Ptr(span, meant, at == end ? null : domain(at, name));
            case "a": {
                DualCidr cidr = DualCidr.parse(text, at, end);
                return new Mechanism.A(
                        span, meant, optionalDomain(at, cidr.start()), cidr.ip4Prefix(), cidr.ip6Prefix());
            }
            case "mx": {
                DualCidr cidr = DualCidr.parse(text, at, end);
                return new Mechanism.Mx(
                        span, meant, optionalDomain(at, cidr.start()), cidr.ip4Prefix(), cidr.ip6Prefix());
            }
            case "ip4":
                return new Mechanism.Ip4(span, meant, network(at, name));
            case "ip6":
                return new Mechanism.Ip6(span, meant, network(at, name));
            default:
                throw unknown(nameStart, at);
        }
    }

    private SyntaxException unknown(int nameStart, int nameEnd) {
        if (nameEnd == nameStart) {
            return new SyntaxException(
                    Kind.UNKNOWN_TERM, start, end, "the name of a mechanism or modifier must start with a letter");
        }
        String name = text.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
        if (name.equals("redirect") || name.equals("exp")) {
            return new SyntaxException(
                    Kind.UNKNOWN_TERM,
                    start,
                    end,
                    "'" + name + "' is a modifier: write it without a qualifier and with '='");
        }
        return new SyntaxException(
                Kind.UNKNOWN_TERM,
                start,
                end,
                "neither a mechanism (all, include, a, mx, ptr, ip4, ip6, exists) nor a modifier (name=value)");
    }

    private void nothingFrom(int at, String name) throws SyntaxException {
        if (at < end) {
            throw new SyntaxException(Kind.UNEXPECTED_VALUE, at, end, "'" + name + "' has no value");
        }
    }

    private DomainSpec domain(int at, String name) throws SyntaxException {
        if (at == end) {
            throw new SyntaxException(Kind.MISSING_VALUE, start, end, "'" + name + "' requires ':' and a domain");
        }
        if (text.charAt(at) == '/') {
            throw new SyntaxException(Kind.UNEXPECTED_VALUE, at, end, "'" + name + "' has no prefix length");
        }
        return DomainSpecParser.parse(text, at + 1, end);
    }

    private @Nullable DomainSpec optionalDomain(int at, int domainEnd) throws SyntaxException {
        if (at == domainEnd) {
            return null;
        }
        if (text.charAt(at) == '/') {
            throw new SyntaxException(
                    Kind.PREFIX_LENGTH, at, end, "prefix lengths are written /IPV4, //IPV6 or /IPV4//IPV6");
        }
        return DomainSpecParser.parse(text, at + 1, domainEnd);
    }

    // ip4-network [ ip4-cidr-length ] and ip6-network [ ip6-cidr-length ]
    private IpNetwork network(int at, String name) throws SyntaxException {
        if (at == end || text.charAt(at) != ':' || at + 1 == end) {
            throw new SyntaxException(Kind.MISSING_VALUE, start, end, "'" + name + "' requires ':' and an address");
        }
        int slash = text.indexOf('/', at);
        int addressEnd = slash < 0 || slash > end ? end : slash;
        String written = text.substring(at + 1, addressEnd);
        IpAddress address = name.equals("ip4") ? IpAddress.parseIp4(written) : IpAddress.parseIp6(written);
        if (address == null) {
            throw new SyntaxException(
                    Kind.ADDRESS, at + 1, Math.max(addressEnd, at + 2), addressMessage(name, written));
        }
        if (addressEnd == end) {
            return new IpNetwork(address, address.bitLength());
        }
        return new IpNetwork(address, DualCidr.number(text, addressEnd + 1, end, address.bitLength()));
    }

    private static String addressMessage(String name, String written) {
        if (name.equals("ip4") && IpAddress.parseIp6(written) != null) {
            return "an IPv6 address requires ip6";
        }
        if (name.equals("ip6") && IpAddress.parseIp4(written) != null) {
            return "an IPv4 address requires ip4";
        }
        return name.equals("ip4")
                ? "not an IPv4 address: four numbers from 0 to 255 without leading zeros"
                : "not an IPv6 address";
    }

    private static @Nullable Qualifier qualifier(char c) {
        switch (c) {
            case '+':
                return Qualifier.PASS;
            case '-':
                return Qualifier.FAIL;
            case '~':
                return Qualifier.SOFTFAIL;
            case '?':
                return Qualifier.NEUTRAL;
            default:
                return null;
        }
    }

    private static boolean isAlpha(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isNameRest(char c) {
        return c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
    }
}
