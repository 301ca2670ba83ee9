package org.senderauth.ses;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Generates signatures: pure functions of an address, a key and a time, without a clock or a ledger.
 * Mail software uses {@link Ses}.
 *
 * <p>Texts are signed as they are: the case of the local part counts, only the domain is folded. The MAC covers
 * {@code be64(timecode) || be64(serial number) || local part || "@" || lower(domain)}.
 */
public final class SesCodec {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] TAG = Base38.TAG.getBytes(StandardCharsets.US_ASCII);

    private SesCodec() {}

    /**
     * Signs with a time.
     *
     * @param key the key
     * @param timecode the time unit ({@link SesLayout#timecode(java.time.Instant)}), positive
     * @param serialNumber the number of the message, positive
     * @param localPart the local part as it is to be sent
     * @param domain the domain as it is to be sent
     * @return the signed local part
     * @throws IllegalArgumentException if a number is not positive, or the signature would be longer than {@value
     *     SesSyntax#MAX_DIGITS} digits
     */
    public static String sign(SesKey key, long timecode, long serialNumber, String localPart, String domain) {
        return signFolded(key, timecode, serialNumber, localPart, domain.toLowerCase(Locale.ROOT));
    }

    /** Signs with a time for a domain in lower case. */
    static String signFolded(SesKey key, long timecode, long serialNumber, String localPart, String domain) {
        if (timecode <= 0) {
            // Zero would be the MAC of a fixed signature.
            throw new IllegalArgumentException("a timecode must be positive");
        }
        int field = (int) (timecode % key.layout().fixedField());
        return sign(key, timecode, field, serialNumber, localPart, domain);
    }

    /**
     * Signs without a time: a fixed signature, that never expires.
     *
     * @param key the key
     * @param serialNumber the number of the signature, positive
     * @param localPart the local part as it is to be sent
     * @param domain the domain as it is to be sent
     * @return the signed local part
     * @throws IllegalArgumentException if the number is not positive, or the signature would be longer than {@value
     *     SesSyntax#MAX_DIGITS} digits
     */
    public static String signFixed(SesKey key, long serialNumber, String localPart, String domain) {
        return sign(key, 0, key.layout().fixedField(), serialNumber, localPart, domain.toLowerCase(Locale.ROOT));
    }

    private static String sign(SesKey key, long timecode, int field, long id, String localPart, String domain) {
        if (id <= 0) {
            throw new IllegalArgumentException("a serial number must be positive");
        }
        byte[] local = localPart.getBytes(StandardCharsets.UTF_8);
        byte[] mac = mac(key, timecode, id, local, domain);
        // TAG digits "=" local-part, from the end to the front, with the room that digits take at most.
        byte[] text = new byte[TAG.length + SignatureNumber.MAX_DIGITS + 1 + local.length];
        int end = text.length - local.length - 1;
        System.arraycopy(local, 0, text, end + 1, local.length);
        text[end] = '=';
        int start = SignatureNumber.of(key.layout(), id, field, mac).putDigits(text, end);
        if (end - start > SesSyntax.MAX_DIGITS) {
            throw new IllegalArgumentException("with this serial number and hashBits a signature has more than "
                    + SesSyntax.MAX_DIGITS + " digits");
        }
        start -= TAG.length;
        System.arraycopy(TAG, 0, text, start, TAG.length);
        return new String(text, start, text.length - start, StandardCharsets.UTF_8);
    }

    /** The whole MAC of a signature, for a domain in lower case. */
    static byte[] mac(SesKey key, long timecode, long id, byte[] localPart, String domain) {
        byte[] at = domain.getBytes(StandardCharsets.UTF_8);
        int start = 2 * Long.BYTES;
        byte[] input = new byte[start + localPart.length + 1 + at.length];
        LONGS.set(input, 0, timecode);
        LONGS.set(input, Long.BYTES, id);
        System.arraycopy(localPart, 0, input, start, localPart.length);
        input[start + localPart.length] = '@';
        System.arraycopy(at, 0, input, start + localPart.length + 1, at.length);
        return key.mac(input);
    }
}
