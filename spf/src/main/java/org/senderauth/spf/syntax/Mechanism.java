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
     * What a match means.
     *
     * @return the qualifier, {@link Qualifier#PASS} if none is written
     */
    Qualifier qualifier();

    /**
     * The domain-spec.
     *
     * @return the domain-spec, or null if the mechanism has none and means the current domain or needs none
     */
    default @Nullable DomainSpec domain() {
        return null;
    }

    /**
     * Whether evaluating this counts towards the ten terms that look things up (RFC 7208 section 4.6.4).
     *
     * @return true for all but {@code all}, {@code ip4} and {@code ip6}
     */
    default boolean countsAsLookup() {
        return true;
    }

    /**
     * {@code all = "all"} (section 5.1).
     *
     * @param span where it stands
     * @param qualifier what a match means
     */
    record All(Span span, Qualifier qualifier) implements Mechanism {
        @Override
        public String name() {
            return "all";
        }

        @Override
        public boolean countsAsLookup() {
            return false;
        }
    }

    /**
     * {@code include = "include" ":" domain-spec} (section 5.2).
     *
     * @param span where it stands
     * @param qualifier what a match means
     * @param domain whose record is consulted
     */
    record Include(Span span, Qualifier qualifier, DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "include";
        }
    }

    /**
     * {@code a = "a" [ ":" domain-spec ] [ dual-cidr-length ]} (section 5.3).
     *
     * @param span where it stands
     * @param qualifier what a match means
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
    }

    /**
     * {@code mx = "mx" [ ":" domain-spec ] [ dual-cidr-length ]} (section 5.4).
     *
     * @param span where it stands
     * @param qualifier what a match means
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
    }

    /**
     * {@code ptr = "ptr" [ ":" domain-spec ]} (section 5.5; not to be published).
     *
     * @param span where it stands
     * @param qualifier what a match means
     * @param domain the domain that the client's validated name must be or be below; null means the current domain
     */
    record Ptr(Span span, Qualifier qualifier, @Nullable DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "ptr";
        }
    }

    /**
     * {@code ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]} (section 5.6).
     *
     * @param span where it stands
     * @param qualifier what a match means
     * @param network an IPv4 network
     */
    record Ip4(Span span, Qualifier qualifier, IpNetwork network) implements Mechanism {
        @Override
        public String name() {
            return "ip4";
        }

        @Override
        public boolean countsAsLookup() {
            return false;
        }
    }

    /**
     * {@code ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]} (section 5.6).
     *
     * @param span where it stands
     * @param qualifier what a match means
     * @param network an IPv6 network
     */
    record Ip6(Span span, Qualifier qualifier, IpNetwork network) implements Mechanism {
        @Override
        public String name() {
            return "ip6";
        }

        @Override
        public boolean countsAsLookup() {
            return false;
        }
    }

    /**
     * {@code exists = "exists" ":" domain-spec} (section 5.7).
     *
     * @param span where it stands
     * @param qualifier what a match means
     * @param domain the name that must have an A record
     */
    record Exists(Span span, Qualifier qualifier, DomainSpec domain) implements Mechanism {
        @Override
        public String name() {
            return "exists";
        }
    }
}
