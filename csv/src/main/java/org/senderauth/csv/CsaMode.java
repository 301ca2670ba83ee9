package org.senderauth.csv;

/** The interpretations of draft-ietf-marid-csv-csa-02. */
public enum CsaMode {
    /**
     * The draft as written. Where it is silent, the check never rejects because of the order of an answer, an incomplete
     * additional section or a failure of the DNS.
     */
    RECOMMENDED,
    /**
     * As Exim 4.95 and later for {@code verify = csa}: the first usable record of the answer counts, addresses in the
     * additional section are decisive, a CNAME as target never matches, NXDOMAIN ends the search for parents, and address
     * literals are looked up in reverse DNS.
     */
    EXIM
}
