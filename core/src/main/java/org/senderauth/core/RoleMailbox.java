package org.senderauth.core;

import java.util.Locale;
import java.util.Set;

/**
 * The mailboxes to which rejected senders complain. Mail to {@code postmaster} must be accepted from any host (RFC 5321
 * section 4.5.1); {@code abuse} receives reports about the mail of a domain (RFC 2142 section 4).
 */
public final class RoleMailbox {

    private static final Set<String> LOCAL_PARTS = Set.of("postmaster", "abuse");

    private RoleMailbox() {}

    /**
     * Returns whether an address is a role mailbox, at whichever domain. Local parts are compared case-insensitively, as RFC
     * 5321 section 4.5.1 requires.
     *
     * @param address an address without a tag
     * @return true for {@code postmaster} and {@code abuse}
     */
    public static boolean is(MailAddress address) {
        return LOCAL_PARTS.contains(address.unquotedLocalPart().toLowerCase(Locale.ROOT));
    }
}
