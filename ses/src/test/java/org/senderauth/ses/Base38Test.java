package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Base38Test {

    private static final BigInteger BASE = BigInteger.valueOf(38);

    private static int[] limbs(BigInteger number) {
        int[] limbs = new int[Base38.LIMBS];
        for (int i = 0; i < limbs.length; i++) {
            limbs[i] = number.shiftRight(32 * i).intValue();
        }
        return limbs;
    }

    private static String encode(BigInteger number) {
        StringBuilder text = new StringBuilder();
        Base38.encode(limbs(number), text);
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        // As pysrs encodes and decodes.
        "0, ''",
        "1, B",
        "37, -",
        "38, BA",
        "1443, --",
        "1444, BAA",
        "79235167, -----",
        "79235168, BAAAAA",
        "4294967296, BQH4SDG",
        "107108912560541145246525918, FZL8-J65IZ_GHGTQS",
    })
    void numbersHaveOneSpellingWithoutLeadingZeros(BigInteger number, String text) {
        assertThat(encode(number)).isEqualTo(text);
        assertThat(Base38.decode(text)).isEqualTo(limbs(number));
        assertThat(Base38.decode("A" + text)).isEqualTo(limbs(number));
        assertThat(Base38.decode(text.toLowerCase(Locale.ROOT))).isEqualTo(limbs(number));
    }

    @Property(tries = 2000)
    void numbersGoThereAndBackAsBigIntegersDo(@ForAll @Size(max = 26) byte[] octets) {
        BigInteger number = new BigInteger(1, octets);
        String text = encode(number);
        BigInteger sum = BigInteger.ZERO;
        for (char digit : text.toCharArray()) {
            sum = sum.multiply(BASE).add(BigInteger.valueOf(Base38.value(digit)));
        }
        assertThat(sum).isEqualTo(number);
        assertThat(text).doesNotStartWith("A");
        assertThat(Base38.decode(text)).isEqualTo(limbs(number));
    }

    @Property
    void onlyTheDigitsOfTheAlphabetHaveValues(@ForAll char digit) {
        int at = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".indexOf(digit);
        int folded = digit >= 'a' && digit <= 'z' ? digit - 'a' : at;
        assertThat(Base38.value(digit)).isEqualTo(folded);
    }
}
