package org.senderauth.spf.flatten;

import org.senderauth.core.SafeText;

/** A record that cannot be evaluated, or not now. */
final class UnusableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    private UnusableException(String reason, boolean temporary) {
        super(SafeText.ascii(reason), null, false, false);
        this.temporary = temporary;
    }

    static UnusableException permanent(String reason) {
        return new UnusableException(reason, false);
    }

    static UnusableException temporary(String reason) {
        return new UnusableException(reason, true);
    }

    AuthorizedNetworks.Unusable outcome() {
        return new AuthorizedNetworks.Unusable(String.valueOf(getMessage()), temporary);
    }
}
