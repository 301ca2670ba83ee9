package org.senderauth.spf.lint;

/** The severity of a finding. */
public enum Severity {
    /**
     * Wrong results: permerror or none, every client passes, or a term that was meant to
     * count is ignored.
     */
    ERROR,
    /** Mail is judged rightly today, but the record is fragile, costly, or against the advice of RFC 7208. */
    WARNING,
    /** A tidier record would do the same. */
    NOTE;

    /**
     * The severity as the command writes it.
     *
     * @return the name in lower case
     */
    public String text() {
        return switch (this) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
    }
}
