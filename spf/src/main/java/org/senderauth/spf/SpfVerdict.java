package org.senderauth.spf;

import java.util.Locale;

/** The seven results of an SPF check (RFC 7208 section 2.6). */
public enum SpfVerdict {
    /** No valid domain name, or no SPF record. */
    NONE,
    /** The domain does not state whether the client is authorized. */
    NEUTRAL,
    /** The client is authorized to send mail for the domain. */
    PASS,
    /** The client is not authorized. */
    FAIL,
    /** The client is probably not authorized. */
    SOFTFAIL,
    /** A DNS lookup failed; a later check may succeed. */
    TEMPERROR,
    /** The domain's records are invalid; its operator has to fix them. */
    PERMERROR;

    /**
     * Returns the result as RFC 7208, {@code Received-SPF} and {@code Authentication-Results} write it.
     *
     * @return the name in lower case
     */
    public String text() {
        return TEXTS[ordinal()];
    }

    private static final String[] TEXTS = java.util.Arrays.stream(values())
            .map(v -> v.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
}
