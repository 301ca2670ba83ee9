package org.senderauth.postfix;

/** What a map says to one key, in the words of socketmap_table(5). */
public sealed interface MapReply {

    /**
     * The key has a value.
     *
     * @param value the value on one line
     */
    record Found(String value) implements MapReply {}

    /** The key has no value. */
    record NotFound() implements MapReply {}

    /**
     * Nobody can tell now; the mail server tries again later.
     *
     * @param reason why, on one line
     */
    record TryLater(String reason) implements MapReply {}

    /**
     * The look-up is wrong and stays so, such as one in a map that does not exist. Mail servers keep the mail.
     *
     * @param reason why, on one line
     */
    record Wrong(String reason) implements MapReply {}

    /** The key has no value. */
    NotFound NOT_FOUND = new NotFound();

    /**
     * The reply as the protocol writes it.
     *
     * @return {@code OK value}, {@code NOTFOUND } with its space, {@code TEMP reason} or {@code PERM reason}
     */
    default String text() {
        if (this instanceof Found found) {
            return "OK " + found.value();
        }
        if (this instanceof TryLater tryLater) {
            return "TEMP " + tryLater.reason();
        }
        if (this instanceof Wrong wrong) {
            return "PERM " + wrong.reason();
        }
        return "NOTFOUND ";
    }
}
