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

    private static final int WORDS = 8;

    private static int[] words(BigInteger number) {
        int[] words = new int[WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = number.shiftRight(32 * i).intValue();
        }
        return words;
    }

    private static int[] decode(String digits) {
        int[] words = new int[WORDS];
        Base38.decode(digits, words);
        return words;
    }

    private static String encode(BigInteger number) {
        return Base38.encode(words(number));
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
        "9223372036854775807, BAZEEFBS8I_-R",
        "9223372036854775808, BAZEEFBS8I_-S",
        "18446744073709551615, CBMIIKC-4R9_9",
        "18446744073709551616, CBMIIKC-4R9__",
        "107108912560541145246525918, FZL8-J65IZ_GHGTQS",
    })
    void numbersHaveOneSpellingWithoutLeadingZeros(BigInteger number, String text) {
        assertThat(encode(number)).isEqualTo(text);
        assertThat(decode(text)).isEqualTo(words(number));
        assertThat(decode("A" + text)).isEqualTo(words(number));
        assertThat(decode(text.toLowerCase(Locale.ROOT))).isEqualTo(words(number));
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
        assertThat(decode(text)).isEqualTo(words(number));
    }

    @Property
    void onlyDigitsOfTheAlphabetHaveValues(@ForAll char digit) {
        int at = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".indexOf(digit);
        int folded = digit >= 'a' && digit <= 'z' ? digit - 'a' : at;
        assertThat(Base38.value(digit)).isEqualTo(folded);
    }
}
