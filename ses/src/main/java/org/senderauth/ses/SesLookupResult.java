package org.senderauth.ses;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * What became of a public look-up. Immutable.
 *
 * @param verdict the verdict
 * @param asked the name whose A record was asked for; null if the domain offers no look-up
 * @param detail the reason, one line for a log
 */
public record SesLookupResult(Verdict verdict, @Nullable Name asked, String detail) {

    /** What the domain says of its sender. */
    public enum Verdict {
        /** The domain emitted the address. */
        PASS,
        /** The domain did not, or no longer stands by it. */
        FAIL,
        /** The address is not signed, or the domain offers no look-up in its SPF record. */
        NONE,
        /** The DNS gave no answer: try later. */
        TEMPERROR
    }
}
