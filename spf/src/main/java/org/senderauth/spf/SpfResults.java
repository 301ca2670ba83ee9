package org.senderauth.spf;

import org.jspecify.annotations.Nullable;

/**
 * The answers for both identities of a transaction (RFC 7208 sections 2.3 and 2.4). Immutable.
 *
 * @param helo the answer for the HELO name, which is checked first
 * @param mailFrom the answer for the reverse-path; null if it was not checked because the HELO name is a fail
 */
public record SpfResults(SpfResult helo, @Nullable SpfResult mailFrom) {

    /**
     * The answer that counts for the message: the HELO name's if it is a fail, else that of the reverse-path.
     *
     * @return one of the two
     */
    public SpfResult decisive() {
        return mailFrom == null ? helo : mailFrom;
    }
}
