package org.senderauth.batv;

/** The forms of a tagged address that are met in the field. The grammar of each is that of its local part. */
public enum TagFormat {
    /** {@code "prvs=" DIGIT 3DIGIT 6HEXDIG "=" core}: the draft, Exim, batv-tools, FortiMail, MDaemon, Halon. */
    STD("std"),
    /** {@code "prvs=" 3DIGIT 6HEXDIG "=" core}: Cisco/IronPort; its day is the day of signing. */
    IRONPORT("ironport"),
    /** {@code "prvs=" core "=" 3DIGIT 6*7HEXDIG}: the IronPort manual and older senders. */
    REV_EQ("rev-eq"),
    /** {@code "prvs=" core "/" 3DIGIT 6*7HEXDIG}: the first draft and Exim 4.52 to 4.67. */
    REV_SLASH("rev-slash"),
    /** {@code "btv1==" 3DIGIT 8HEXDIG "==" core}: Barracuda. */
    BARRACUDA("barracuda"),
    /** {@code "msprvs1=" 5DIGIT 8(ALPHA / DIGIT / "-" / "_") "=" core}: SparkPost, Momentum; its case matters. */
    SPARKPOST("sparkpost"),
    /** {@code core ("+" / "-") "prvs=" DIGIT 3DIGIT 6HEXDIG}: the sub-address form of batv-tools. */
    SUBADDR("subaddr");

    private final String text;

    TagFormat(String text) {
        this.text = text;
    }

    /**
     * The name of the form in the command's output and in configuration.
     *
     * @return such as {@code std}
     */
    public String text() {
        return text;
    }

    /**
     * Returns whether the draft defines this format, so that anyone with the key can verify a tag.
     *
     * @return true for {@link #STD} and {@link #SUBADDR}
     */
    public boolean isCheckable() {
        return this == STD || this == SUBADDR;
    }

    /** The same as {@link #text()}. */
    @Override
    public String toString() {
        return text;
    }
}
