package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SignatureNumberTest {

    private static final byte[] ONES = new byte[20];

    static {
        Arrays.fill(ONES, (byte) -1);
    }

    private static String digits(BigInteger number) {
        StringBuilder digits = new StringBuilder();
        for (BigInteger rest = number; rest.signum() > 0; rest = rest.divide(BigInteger.valueOf(38))) {
            int digit = rest.mod(BigInteger.valueOf(38)).intValue();
            digits.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".charAt(digit));
        }
        return digits.reverse().toString();
    }

    /** {@code id << (field bits + hash bits) | field << hash bits | leading bits of the MAC}. */
    private static BigInteger packed(SesLayout layout, long id, int field, byte[] mac) {
        BigInteger hash = new BigInteger(1, mac).shiftRight(mac.length * 8 - layout.hashBits());
        return BigInteger.valueOf(id)
                .shiftLeft(layout.fieldBits())
                .or(BigInteger.valueOf(field))
                .shiftLeft(layout.hashBits())
                .or(hash);
    }

    @Property
    void partsArePackedAndUnpackedAsBigIntegersAre(
            @ForAll @IntRange(min = SesLayout.MIN_HASH_BITS, max = SesLayout.MAX_HASH_BITS) int hashBits,
            @ForAll @IntRange(max = SesLayout.MAX_FRACTION_BITS) int fractionBits,
            @ForAll @IntRange(min = 1, max = SesLayout.MAX_EXPIRATION_DAYS) int days,
            @ForAll @LongRange(min = 1) long id,
            @ForAll @IntRange(max = 1 << 16) int time,
            @ForAll @Size(20) byte[] mac) {
        SesLayout layout = new SesLayout(hashBits, fractionBits, days);
        int field = time & layout.fixedField();
        SignatureNumber number = SignatureNumber.of(layout, id, field, mac);
        assertThat(number.digits()).isEqualTo(digits(packed(layout, id, field, mac)));
        assertThat(number.digits()).as("once more").isEqualTo(number.digits());
        assertThat(number.id(layout)).isEqualTo(id);
        assertThat(number.field(layout)).isEqualTo(field);
        SignatureNumber read = SignatureNumber.parse(number.digits());
        assertThat(read.hasHash(layout, mac)).isTrue();
    }

    @Property
    void everyBitOfTheHashCounts(
            @ForAll @IntRange(min = SesLayout.MIN_HASH_BITS, max = SesLayout.MAX_HASH_BITS) int hashBits,
            @ForAll @IntRange(max = 159) int bit) {
        SesLayout layout = new SesLayout(hashBits, 2, 10);
        byte[] other = ONES.clone();
        other[bit / 8] ^= (byte) (0x80 >>> bit % 8);
        assertThat(SignatureNumber.of(layout, 1, 1, ONES).hasHash(layout, other))
                .isEqualTo(bit >= hashBits);
    }

    @Test
    void messageIdOfMoreThan63BitsIsNone() {
        SesLayout layout = SesLayout.DEFAULT;
        BigInteger most = packed(layout, Long.MAX_VALUE, 0, new byte[20]);
        BigInteger step = BigInteger.ONE.shiftLeft(layout.hashBits() + layout.fieldBits());
        assertThat(SignatureNumber.parse(digits(most)).id(layout)).isEqualTo(Long.MAX_VALUE);
        assertThat(SignatureNumber.parse(digits(most.add(step))).id(layout)).isNegative();
        assertThat(SignatureNumber.parse(digits(step.subtract(BigInteger.ONE))).id(layout))
                .isZero();
    }
}
