package org.senderauth.csv;

/** The identities of a message whose domain can have a policy (draft-otis-marid-mpr-00). */
public enum MprIdentity {
    /** The domain of the reverse-path. */
    MAIL_FROM(MprRecord.REQUIRE_MAIL_FROM, "MAIL FROM"),
    /** The domain of the first mailbox in the From header. */
    FROM(MprRecord.REQUIRE_FROM, "From");

    private final int bit;
    private final String text;

    MprIdentity(int bit, String text) {
        this.bit = bit;
        this.text = text;
    }

    int bit() {
        return bit;
    }

    /**
     * Returns the identity as the suggested reply names it.
     *
     * @return {@code MAIL FROM} or {@code From}
     */
    public String text() {
        return text;
    }
}
