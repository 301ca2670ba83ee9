package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks signatures; the second layer: pure functions of an address, keys and a time, with neither a clock
 * nor a ledger. The {@link Ses} facade is what mail software wants.
 *
 * <p>Texts are signed as they are: the case of the local part counts, only the domain is folded. The MAC covers
 * {@code be64(timecode) || be64(message id) || local part || "@" || lower(domain)}.
 */
public final class SesCodec {

    /** A message id has at most 63 bits. */
    private static final int MAX_ID_BITS = 63;

    private static final int MAC_PREFIX = 16;

    private SesCodec() {}

    /**
     * Signs with a time.
     *
     * @param key the key
     * @param timecode the time unit ({@link SesLayout#timecode(java.time.Instant)}), positive
     * @param messageId the number of the message, positive
     * @param localPart the local part as it is to be sent
     * @param domain the domain as it is to be sent
     * @return the signed local part
     * @throws IllegalArgumentException if a number is not positive, or the signature would be longer than {@value
     *     SesSyntax#MAX_DIGITS} digits
     */
    public static String sign(SesKey key, long timecode, long messageId, String localPart, String domain) {
        if (timecode <= 0) {
            // Zero would be the MAC of a fixed signature.
            throw new IllegalArgumentException("a timecode must be positive");
        }
        int field = (int) (timecode % key.layout().fixedField());
        return sign(key, timecode, field, messageId, localPart, domain);
    }

    /**
     * Signs without a time: a fixed signature, that never expires.
     *
     * @param key the key
     * @param messageId the number of the signature, positive
     * @param localPart the local part as it is to be sent
     * @param domain the domain as it is to be sent
     * @return the signed local part
     * @throws IllegalArgumentException if the number is not positive, or the signature would be longer than {@value
     *     SesSyntax#MAX_DIGITS} digits
     */
    public static String signFixed(SesKey key, long messageId, String localPart, String domain) {
        return sign(key, 0, key.layout().fixedField(), messageId, localPart, domain);
    }

    private static String sign(SesKey key, long timecode, int field, long id, String localPart, String domain) {
        if (id <= 0) {
            throw new IllegalArgumentException("a message id must be positive");
        }
        byte[] mac = key.mac(macInput(timecode, id, localPart, lower(domain)));
        StringBuilder signed = new StringBuilder(Base38.TAG.length() + SesSyntax.MAX_DIGITS + localPart.length());
        signed.append(Base38.TAG);
        Base38.encode(pack(key.layout(), id, field, mac), signed);
        if (signed.length() > Base38.TAG.length() + SesSyntax.MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "with this message id and hashBits a signature has more than " + SesSyntax.MAX_DIGITS + " digits");
        }
        return signed.append('=').append(localPart).toString();
    }

    /**
     * What a signature is: the claims that the key confirms, or a verdict that refuses it.
     *
     * @param verdict {@link SesVerdict#VALID}, or {@link SesVerdict#EXPIRED} for an authentic signature, or a refusal
     * @param keyIndex which key made it; -1 for a refusal
     * @param localPart the local part that was signed; empty for a refusal
     * @param timecode when it was signed; 0 for a fixed signature and for a refusal
     * @param messageId the message id; 0 for a refusal
     * @param mac the whole MAC, which tells this signature from every other; null for a refusal
     */
    record Check(
            SesVerdict verdict, int keyIndex, String localPart, long timecode, long messageId, byte @Nullable [] mac) {

        static Check refused(SesVerdict verdict) {
            return new Check(verdict, -1, "", 0, 0, null);
        }
    }

    /**
     * Checks a signature against every key, for the local part as written and in lower case. No step depends on which
     * of them fits.
     *
     * @param keys newest first
     * @param signed the address
     * @param epochSecond the time
     * @param skew time units by which the signer's clock may be ahead
     * @param fixedAllowed whether fixed signatures are accepted
     */
    static Check check(List<SesKey> keys, SesSyntax.Signed signed, long epochSecond, int skew, boolean fixedAllowed) {
        int[] number = Base38.decode(signed.digits());
        String asWritten = signed.localPart();
        String folded = lowerAscii(asWritten);
        String domain = lower(signed.domain());
        Check found = null;
        SesVerdict refusal = keys.isEmpty() ? SesVerdict.BAD : SesVerdict.MALFORMED;
        for (int i = 0; i < keys.size(); i++) {
            SesKey key = keys.get(i);
            if (!key.verifiesAt(epochSecond)) {
                refusal = SesVerdict.BAD;
                continue;
            }
            SesLayout layout = key.layout();
            int fieldBits = layout.fieldBits();
            int idStart = layout.hashBits() + fieldBits;
            long id = bits(number, idStart, MAX_ID_BITS);
            if (id == 0 || bitLength(number) > idStart + MAX_ID_BITS) {
                continue;
            }
            int field = (int) bits(number, layout.hashBits(), fieldBits);
            boolean fixed = field == layout.fixedField();
            if (fixed && !fixedAllowed) {
                refusal = refusal == SesVerdict.BAD ? SesVerdict.BAD : SesVerdict.FIXED_DISABLED;
                continue;
            }
            refusal = SesVerdict.BAD;
            long now = layout.timecode(epochSecond);
            long latest = now + skew;
            long timecode = fixed ? 0 : latest - Math.floorMod(latest - field, layout.fixedField());
            if (!fixed && timecode <= 0) {
                continue;
            }
            boolean expired = !fixed && now - timecode >= layout.window();
            SesVerdict verdict = expired ? SesVerdict.EXPIRED : SesVerdict.VALID;
            byte[] mac = key.mac(macInput(timecode, id, asWritten, domain));
            if (isSame(number, pack(layout, id, field, mac)) && found == null) {
                found = new Check(verdict, i, asWritten, timecode, id, mac);
            }
            if (!folded.equals(asWritten)) {
                mac = key.mac(macInput(timecode, id, folded, domain));
                if (isSame(number, pack(layout, id, field, mac)) && found == null) {
                    found = new Check(verdict, i, folded, timecode, id, mac);
                }
            }
        }
        return found == null ? Check.refused(refusal) : found;
    }

    private static byte[] macInput(long timecode, long id, String localPart, String domain) {
        byte[] local = localPart.getBytes(StandardCharsets.UTF_8);
        byte[] at = domain.getBytes(StandardCharsets.UTF_8);
        byte[] input = new byte[MAC_PREFIX + local.length + 1 + at.length];
        putLong(input, 0, timecode);
        putLong(input, 8, id);
        System.arraycopy(local, 0, input, MAC_PREFIX, local.length);
        input[MAC_PREFIX + local.length] = '@';
        System.arraycopy(at, 0, input, MAC_PREFIX + local.length + 1, at.length);
        return input;
    }

    private static void putLong(byte[] to, int offset, long value) {
        for (int i = 0; i < 8; i++) {
            to[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    /** {@code id << (field bits + hash bits) | field << hash bits | leading bits of the MAC}. */
    private static int[] pack(SesLayout layout, long id, int field, byte[] mac) {
        int hashBits = layout.hashBits();
        int[] number = new int[Base38.LIMBS];
        int octets = (hashBits + 7) / 8;
        int surplus = octets * 8 - hashBits;
        for (int i = 0; i < octets; i++) {
            putBits(number, 8 * (octets - 1 - i) - surplus, mac[i] & 0xff);
        }
        putBits(number, hashBits, field);
        int idStart = hashBits + layout.fieldBits();
        putBits(number, idStart, (int) id & 0xffffffffL);
        putBits(number, idStart + 32, id >>> 32);
        return number;
    }

    /** Sets up to 32 bits from a position on; what would stand before position 0 is cut off. */
    private static void putBits(int[] number, int position, long value) {
        if (position < 0) {
            number[0] |= (int) (value >>> -position);
            return;
        }
        long shifted = value << (position & 31);
        number[position >>> 5] |= (int) shifted;
        if (shifted >>> 32 != 0) {
            number[(position >>> 5) + 1] |= (int) (shifted >>> 32);
        }
    }

    private static long bits(int[] number, int position, int count) {
        long value = 0;
        for (int taken = 0; taken < count; ) {
            int at = position + taken;
            long word = (number[at >>> 5] & 0xffffffffL) >>> (at & 31);
            value |= word << taken;
            taken += 32 - (at & 31);
        }
        return value & (-1L >>> (64 - count));
    }

    private static int bitLength(int[] number) {
        for (int limb = number.length - 1; limb >= 0; limb--) {
            if (number[limb] != 0) {
                return limb * 32 + 32 - Integer.numberOfLeadingZeros(number[limb]);
            }
        }
        return 0;
    }

    /** Compares without an early exit. */
    private static boolean isSame(int[] a, int[] b) {
        int difference = 0;
        for (int i = 0; i < Base38.LIMBS; i++) {
            difference |= a[i] ^ b[i];
        }
        return difference == 0;
    }

    static String lower(String domain) {
        return domain.toLowerCase(Locale.ROOT);
    }

    /** Folds as the DNS does: ASCII letters only. */
    static String lowerAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                StringBuilder folded = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    c = text.charAt(j);
                    if (c >= 'A' && c <= 'Z') {
                        folded.setCharAt(j, (char) (c | 0x20));
                    }
                }
                return folded.toString();
            }
        }
        return text;
    }
}
