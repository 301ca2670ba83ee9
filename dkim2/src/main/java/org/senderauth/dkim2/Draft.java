package org.senderauth.dkim2;

import java.util.List;

/**
 * Everything in which the drafts of DKIM2 differ, as far as this implementation is concerned. -06 was read in full; what
 * -07 to -09 changed is known from the release notes and documentation of other implementations only. Immutable.
 *
 * <p>Both try the list of signed header fields of -08 first, then that of -05 to -07, so a message of either verifies.
 */
public final class Draft {

    /** draft-ietf-dkim-dkim2-spec-06 of August 2026: the default. */
    public static final Draft SPEC_06 = new Draft("06", false);

    /**
     * draft-ietf-dkim-dkim2-spec-09 of November 2026, as other implementations report it: a message that is expired,
     * misaddressed or breaks the chain of custody fails (-06: permanent error), an unknown algorithm is a permanent error
     * (-06: ignored), and the From field must be of the signer's domain.
     */
    public static final Draft SPEC_09 = new Draft("09", true);

    private final String version;
    private final boolean since08;

    private Draft(String version, boolean since08) {
        this.version = version;
        this.since08 = since08;
    }

    /** {@return the number of the draft, such as {@code 06}} */
    public String version() {
        return version;
    }

    /** The lists of header fields to try, the one that signs first. */
    List<HeaderList> headerLists() {
        return List.of(HeaderList.SINCE_08, HeaderList.SINCE_05);
    }

    /** The verdict for an expired message, a wrong envelope or a broken chain of custody. */
    Dkim2Verdict misuseVerdict() {
        return since08 ? Dkim2Verdict.FAIL : Dkim2Verdict.PERMERROR;
    }

    /** The verdict for a signature or an instance of which no algorithm is known. */
    Dkim2Verdict unknownOnlyVerdict() {
        return since08 ? Dkim2Verdict.PERMERROR : Dkim2Verdict.FAIL;
    }

    /** Tests whether an unknown algorithm makes its whole group a permanent error; otherwise it is ignored. */
    boolean rejectsUnknownAlgorithms() {
        return since08;
    }

    /** Tests whether a From field must be of the domain that signed it, or below. */
    boolean requiresAuthenticFrom() {
        return since08;
    }

    /** The minimum size of an RSA key that signs, in bits. */
    int minRsaBitsToSign() {
        return 2048;
    }

    @Override
    public String toString() {
        return "draft-ietf-dkim-dkim2-spec-" + version;
    }
}
