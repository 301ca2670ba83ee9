package org.senderauth.srs;

import org.senderauth.core.LocalPartScheme;

/**
 * The parts of a local part as SRS writes it. There is no RFC; the grammar is the one that all programs in use share.
 *
 * <pre>{@code
 * srs0  = "SRS0" sep hash "=" stamp "=" host "=" user      ; the first forwarder
 * srs1  = "SRS1" sep hash "=" host1 "=" inner              ; every later forwarder
 * sep   = "=" / "+" / "-"                                  ; all other separators are "="
 * hash  = 1*( any but "=" )
 * stamp = *( any but "=" )                                 ; 2( ALPHA / "2".."7" ), but some programs write fewer
 * host  = 1*( any but "=" )                                ; domain of the original sender
 * user  = 1*OCTET                                          ; may contain "="
 * host1 = 1*( any but "=" )                                ; domain of the first forwarder
 * inner = sep 1*OCTET                                      ; the first forwarder's local part without "SRS0"
 * }</pre>
 *
 * <p>The tag is case-insensitive. Without a separator after it the local part is an ordinary one. Immutable.
 */
public sealed interface SrsSyntax {

    /**
     * The address of a first forwarder.
     *
     * @param separator the character after the tag
     * @param hash the hash text
     * @param stamp the day of signing as written
     * @param host the domain of the original sender
     * @param user the local part of the original sender
     */
    record Srs0(char separator, String hash, String stamp, String host, String user) implements SrsSyntax {}

    /**
     * The address of a later forwarder.
     *
     * @param separator the character after the tag
     * @param hash the hash text
     * @param host the domain of the first forwarder
     * @param inner what follows the four letters {@code SRS0} in the first forwarder's local part, the separator
     *     included: it is never normalized, since that forwarder's delivery may depend on it
     */
    record Srs1(char separator, String hash, String host, String inner) implements SrsSyntax {

        /**
         * Checks that the inner part is what an SRS0 address has after its tag.
         *
         * @return false if the part has no separator in front or nothing after it
         */
        public boolean hasSeparator() {
            return inner.length() > 1 && LocalPartScheme.isSrsSeparator(inner.charAt(0));
        }
    }

    /** A local part without an SRS tag. */
    record NotSrs() implements SrsSyntax {}

    /**
     * A local part with an SRS tag whose parts are missing or empty.
     *
     * @param reason the part that is missing
     */
    record Malformed(String reason) implements SrsSyntax {}

    /**
     * Parses a local part.
     *
     * @param localPart a local part without the quotes and backslashes of a quoted string
     * @return its parts; never an exception
     */
    static SrsSyntax parse(String localPart) {
        LocalPartScheme scheme = LocalPartScheme.of(localPart).orElse(null);
        if (scheme != LocalPartScheme.SRS0 && scheme != LocalPartScheme.SRS1) {
            return new NotSrs();
        }
        return scheme == LocalPartScheme.SRS0 ? srs0(localPart) : srs1(localPart);
    }

    private static SrsSyntax srs0(String text) {
        int start = LocalPartScheme.SRS_TAG_LENGTH + 1;
        int hash = text.indexOf('=', start);
        int stamp = hash < 0 ? -1 : text.indexOf('=', hash + 1);
        int host = stamp < 0 ? -1 : text.indexOf('=', stamp + 1);
        String missing = text.length() == start || hash == start
                ? "hash"
                : hash < 0
                        ? "time stamp"
                        : stamp < 0 || host == stamp + 1
                                ? "host"
                                : host < 0 || host == text.length() - 1 ? "user" : null;
        return missing != null
                ? new Malformed("no " + missing + " in the SRS0 address")
                : new Srs0(
                        text.charAt(start - 1),
                        text.substring(start, hash),
                        text.substring(hash + 1, stamp),
                        text.substring(stamp + 1, host),
                        text.substring(host + 1));
    }

    private static SrsSyntax srs1(String text) {
        int start = LocalPartScheme.SRS_TAG_LENGTH + 1;
        int hash = text.indexOf('=', start);
        int host = hash < 0 ? -1 : text.indexOf('=', hash + 1);
        String missing = text.length() == start || hash == start
                ? "hash"
                : hash < 0 || host == hash + 1 ? "host" : host < 0 || host == text.length() - 1 ? "inner part" : null;
        return missing != null
                ? new Malformed("no " + missing + " in the SRS1 address")
                : new Srs1(
                        text.charAt(start - 1),
                        text.substring(start, hash),
                        text.substring(hash + 1, host),
                        text.substring(host + 1));
    }
}
