package org.senderauth.csv;

/** Whose reading of draft-ietf-marid-csv-csa-02 decides. */
public enum CsaMode {
    /**
     * The draft as it is written, and where it is silent, the reading that never refuses for the order of an answer,
     * for an incomplete additional section or for trouble in the DNS.
     */
    RECOMMENDED,
    /**
     * As Exim 4.95 and later decide for {@code verify = csa}: the first usable record of the answer counts, addresses
     * in the additional section are decisive, an alias as target never matches, NXDOMAIN ends the search for parents,
     * and addresses are looked up in the reverse tree.
     */
    EXIM
}
