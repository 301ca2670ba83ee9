package org.senderauth.postfix;

/** The reply of a map to one lookup, as socketmap_table(5) defines it. */
public sealed interface MapReply {

    /**
     * The key has a value.
     *
     * @param value the value on one line
     */
    record Found(String value) implements MapReply {}

    /**
     * The key has no value.
     *
     * @param reason the reason, on one line; may be empty
     */
    record NotFound(String reason) implements MapReply {}

    /**
     * The lookup failed temporarily; the mail server tries again later.
     *
     * @param reason the failure, on one line
     */
    record Temp(String reason) implements MapReply {}

    /**
     * The lookup failed permanently, such as in a map that does not exist. Mail servers keep the mail.
     *
     * @param reason the failure, on one line
     */
    record Perm(String reason) implements MapReply {}

    /** The key has no value. */
    NotFound NOT_FOUND = new NotFound("");

    /**
     * Returns the reply in the syntax of the protocol.
     *
     * @return {@code OK value}, {@code NOTFOUND reason} (with the space even if the reason is empty), {@code TEMP reason}
     *     or {@code PERM reason}
     */
    default String text() {
        if (this instanceof Found found) {
            return "OK " + found.value();
        }
        if (this instanceof Temp temp) {
            return "TEMP " + temp.reason();
        }
        if (this instanceof Perm perm) {
            return "PERM " + perm.reason();
        }
        return "NOTFOUND " + ((NotFound) this).reason();
    }
}
