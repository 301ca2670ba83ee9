package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;

/**
 * The check of one signature against the keys of its domain.
 *
 * @param number what its digits spell
 * @param localPart the local part of the address as written
 * @param folded the same in lower case
 * @param domain the domain as {@link SesKeyring#canonical} gives it
 * @param epochSecond the time
 * @param skew time units by which the signer's clock may be ahead
 * @param fixedAllowed whether fixed signatures are accepted
 */
record SignatureCheck(
        SignatureNumber number,
        String localPart,
        String folded,
        String domain,
        long epochSecond,
        int skew,
        boolean fixedAllowed) {

    private static final Claims MALFORMED = Claims.refused(SesVerdict.MALFORMED);
    private static final Claims FIXED_DISABLED = Claims.refused(SesVerdict.FIXED_DISABLED);
    private static final Claims INVALID = Claims.refused(SesVerdict.INVALID);

    /**
     * The authenticated content of a signature, or a verdict that rejects it.
     *
     * @param verdict {@link SesVerdict#VALID}, or {@link SesVerdict#EXPIRED} for an authentic signature, or a refusal
     * @param keyIndex which key made it; -1 for a refusal
     * @param localPart the local part that was signed; empty for a refusal
     * @param timecode when it was signed; 0 for a fixed signature and for a refusal
     * @param serialNumber the serial number; 0 for a refusal
     * @param mac the whole MAC, which tells this signature from every other; null for a refusal
     */
    record Claims(
            SesVerdict verdict,
            int keyIndex,
            String localPart,
            long timecode,
            long serialNumber,
            byte @Nullable [] mac) {

        private static Claims refused(SesVerdict verdict) {
            return new Claims(verdict, -1, "", 0, 0, null);
        }

        /** An authentic signature counts first; a refusal says most if some key could have made the signature. */
        private Claims or(Claims other) {
            if (mac != null || other == MALFORMED) {
                return this;
            }
            return this == INVALID && other.mac == null ? this : other;
        }
    }

    static SignatureCheck of(
            SesSyntax.Signed signed, String canonicalDomain, long epochSecond, int skew, boolean fixedAllowed) {
        String localPart = signed.localPart();
        return new SignatureCheck(
                SignatureNumber.parse(signed.digits()),
                localPart,
                Ascii.toLowerCase(localPart),
                canonicalDomain,
                epochSecond,
                skew,
                fixedAllowed);
    }

    /**
     * Checks against every key, for the local part as written and in lower case. No step depends on which of them fits.
     *
     * @param keys newest first
     */
    Claims against(List<SesKey> keys) {
        Claims found = keys.isEmpty() ? INVALID : MALFORMED;
        for (int i = 0; i < keys.size(); i++) {
            found = found.or(against(keys.get(i), i));
        }
        return found;
    }

    private Claims against(SesKey key, int keyIndex) {
        if (!key.verifiesAt(epochSecond)) {
            return INVALID;
        }
        SesLayout layout = key.layout();
        long id = number.id(layout);
        if (id <= 0) {
            return MALFORMED;
        }
        int field = number.field(layout);
        if (field == layout.fixedField()) {
            return fixedAllowed ? confirmed(key, keyIndex, SesVerdict.VALID, 0, id) : FIXED_DISABLED;
        }
        long now = layout.timecode(epochSecond);
        long latest = now + skew;
        long timecode = latest - Math.floorMod(latest - field, layout.fixedField());
        if (timecode <= 0) {
            return INVALID;
        }
        SesVerdict verdict = now - timecode >= layout.window() ? SesVerdict.EXPIRED : SesVerdict.VALID;
        return confirmed(key, keyIndex, verdict, timecode, id);
    }

    private Claims confirmed(SesKey key, int keyIndex, SesVerdict verdict, long timecode, long id) {
        Claims asWritten = confirmed(key, keyIndex, verdict, localPart, timecode, id);
        return folded.equals(localPart)
                ? asWritten
                : asWritten.or(confirmed(key, keyIndex, verdict, folded, timecode, id));
    }

    private Claims confirmed(SesKey key, int keyIndex, SesVerdict verdict, String local, long timecode, long id) {
        byte[] mac = SesCodec.mac(key, timecode, id, local.getBytes(StandardCharsets.UTF_8), domain);
        return number.hasHash(key.layout(), mac) ? new Claims(verdict, keyIndex, local, timecode, id, mac) : INVALID;
    }
}
