package org.senderauth.spf;

import java.util.Locale;

/** The seven results of an SPF check (RFC 7208 section 2.6). */
public enum SpfVerdict {
    /** No domain could be extracted, or it publishes no SPF record. */
    NONE,
    /** The domain says that it does not say. */
    NEUTRAL,
    /** The client may send for the domain. */
    PASS,
    /** The client may not. */
    FAIL,
    /** The client probably may not. */
    SOFTFAIL,
    /** The DNS gave no answer; a later check may get one. */
    TEMPERROR,
    /** The domain's records cannot be interpreted; someone has to mend them. */
    PERMERROR;

    /**
     * The result as RFC 7208, {@code Received-SPF} and {@code Authentication-Results} write it.
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
