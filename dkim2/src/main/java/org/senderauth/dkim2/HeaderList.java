package org.senderauth.dkim2;

import java.util.Set;

/** The header fields that a hash leaves out, which the drafts changed several times. Names are in lower case. */
enum HeaderList {
    /** Of -08 and later, as other implementations report it: Auto-Submitted and VBR-Info are signed. */
    SINCE_08(Set.of()),
    /** Of -05 to -07 (-06 section 4.1). */
    SINCE_05(Set.of("auto-submitted", "vbr-info"));

    private static final Set<String> NEVER_SIGNED = Set.of(
            "message-instance",
            "dkim2-signature",
            "received",
            "return-path",
            "delivered-to",
            "dkim-signature",
            "arc-seal",
            "arc-message-signature",
            "arc-authentication-results",
            "authentication-results",
            "apparently-to",
            "dl-expansion-history",
            "original-recipient",
            "sio-label-history",
            "x400-received",
            "x400-trace");

    private final Set<String> alsoUnsigned;

    HeaderList(Set<String> alsoUnsigned) {
        this.alsoUnsigned = alsoUnsigned;
    }

    boolean isSigned(String name) {
        return !NEVER_SIGNED.contains(name)
                && !alsoUnsigned.contains(name)
                && !name.startsWith("x-")
                && !name.startsWith("received-");
    }
}
