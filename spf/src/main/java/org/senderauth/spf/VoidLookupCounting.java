package org.senderauth.spf;

import org.senderauth.core.Ascii;

/** The readings of the limit on void lookups (RFC 7208 section 4.6.4). */
public enum VoidLookupCounting {
    /**
     * A term counts once, however many of its queries are void: section 4.6.4 speaks of terms. A host of an {@code a} or
     * {@code mx} term that has addresses of the other family is not void, since a domain without IPv6 hosts has no error
     * in its record.
     */
    TERMS,
    /** Each void query counts, as in pyspf and libspf2: stricter, above all for IPv6 clients. */
    QUERIES;

    /** {@return {@code terms} or {@code queries}} */
    public String text() {
        return Ascii.text(this);
    }
}
