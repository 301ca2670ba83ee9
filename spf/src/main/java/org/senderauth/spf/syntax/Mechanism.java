package org.senderauth.spf.syntax;

import org.jspecify.annotations.Nullable;

/**
 * A directive: a mechanism with its qualifier (RFC 7208 sections 4.6.2 and 5). Immutable.
 *
 * <pre>{@code
 * directive = [ qualifier ] mechanism
 * mechanism = ( all / include / a / mx / ptr / ip4 / ip6 / exists )
 * }</pre>
 */
public sealed interface Mechanism extends Term {

    /**
     * Returns the result of a match.
     *
     * @return the qualifier, {@link Qualifier#PASS} if none is written
     */
    Qualifier qualifier();

    /**
     * Returns whether the mechanism counts as a DNS lookup (RFC 7208 section 4.6.4).
     *
     * @return true for all but {@code all}, {@code ip4} and {@code ip6}
     */
    default boolean countsAsLookup() {
        return query() != TermQuery.NONE;
    }

    /**
     * {@code all = "all"} (section 5.1).
     *
     * @param span its position
     * @param qualifier the result of a match
     */
    record All(Span span, Qualifier qualifier) implements Mechanism {
        @Override
        public String name() {
            return "all";
        }
    }

    /**
     * {@code include = "include" ":" domain-spec} (section 5.2).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param domain whose record is consulted
     */
    record Include(Span span, Qualifier qualifier, DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "include";
        }

        @Override
        public TermQuery query() {
            return TermQuery.TXT;
        }
    }

    /**
     * {@code a = "a" [ ":" domain-spec ] [ dual-cidr-length ]} (section 5.3).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param domain whose addresses are compared; null means the current domain
     * @param ip4Prefix bits of an IPv4 address that count, 0 to 32
     * @param ip6Prefix bits of an IPv6 address that count, 0 to 128
     */
    record A(Span span, Qualifier qualifier, @Nullable DomainSpec domain, int ip4Prefix, int ip6Prefix)
            implements Mechanism {
        @Override
        public String name() {
            return "a";
        }

        @Override
        public TermQuery query() {
            return TermQuery.ADDRESS;
        }
    }

    /**
     * {@code mx = "mx" [ ":" domain-spec ] [ dual-cidr-length ]} (section 5.4).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param domain whose mail exchangers' addresses are compared; null means the current domain
     * @param ip4Prefix bits of an IPv4 address that count, 0 to 32
     * @param ip6Prefix bits of an IPv6 address that count, 0 to 128
     */
    record Mx(Span span, Qualifier qualifier, @Nullable DomainSpec domain, int ip4Prefix, int ip6Prefix)
            implements Mechanism {
        @Override
        public String name() {
            return "mx";
        }

        @Override
        public TermQuery query() {
            return TermQuery.MX;
        }
    }

    /**
     * {@code ptr = "ptr" [ ":" domain-spec ]} (section 5.5; not to be published).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param domain the domain that the client's validated name must be or be below; null means the current domain
     */
    record Ptr(Span span, Qualifier qualifier, @Nullable DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "ptr";
        }

        @Override
        public TermQuery query() {
            return TermQuery.PTR;
        }
    }

    /**
     * {@code ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]} (section 5.6).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param network an IPv4 network
     */
    record Ip4(Span span, Qualifier qualifier, IpNetwork network) implements Mechanism {
        @Override
        public String name() {
            return "ip4";
        }
    }

    /**
     * {@code ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]} (section 5.6).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param network an IPv6 network
     */
    record Ip6(Span span, Qualifier qualifier, IpNetwork network) implements Mechanism {
        @Override
        public String name() {
            return "ip6";
        }
    }

    /**
     * {@code exists = "exists" ":" domain-spec} (section 5.7).
     *
     * @param span its position
     * @param qualifier the result of a match
     * @param domain the name that must have an A record
     */
    record Exists(Span span, Qualifier qualifier, DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "exists";
        }

        @Override
        public TermQuery query() {
            return TermQuery.A;
        }
    }
}
