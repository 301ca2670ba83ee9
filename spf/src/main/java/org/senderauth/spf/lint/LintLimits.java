package org.senderauth.spf.lint;

import org.senderauth.spf.SpfLimits;

/** The limits of one check at receivers (RFC 7208 section 4.6.4). */
final class LintLimits {

    static final int LOOKUPS = SpfLimits.RFC_7208.lookups();

    static final int VOID_LOOKUPS = SpfLimits.RFC_7208.voidLookups();

    static final int MX_HOSTS = SpfLimits.RFC_7208.mxNames();

    private LintLimits() {}
}
