package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Base38Test {

    private static final BigInteger BASE = BigInteger.valueOf(38);

    private static final int WORDS = 4;

    private static long[] words(BigInteger number) {
        long[] words = new long[WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = number.shiftRight(64 * i).longValue();
        }
        return words;
    }

    private static long[] decode(String digits) {
        long[] words = new long[WORDS];
        Base38.decode(digits, words);
        return words;
    }

    private static String encode(BigInteger number) {
        byte[] target = new byte[Base38.maxDigits(WORDS) + 1];
        int end = target.length - 1;
        int start = Base38.encode(words(number), target, end);
        assertThat(target[end]).as("after the digits").isZero();
        return new String(target, start, end - start, StandardCharsets.US_ASCII);
    }

    private static void assertThereAndBack(BigInteger number) {
        String text = encode(number);
        BigInteger sum = BigInteger.ZERO;
        for (char digit : text.toCharArray()) {
            sum = sum.multiply(BASE).add(BigInteger.valueOf(Base38.value(digit)));
        }
        assertThat(sum).isEqualTo(number);
        assertThat(text).doesNotStartWith("A");
        assertThat(decode(text)).isEqualTo(words(number));
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
    void numbersGoThereAndBackAsBigIntegersDo(@ForAll @Size(max = 32) byte[] octets) {
        assertThereAndBack(new BigInteger(1, octets));
    }

    /** Where an estimate of a quotient is off by one, and where a word overflows. */
    @Test
    void numbersAtEdgesOfWordsAndGroupsGoThereAndBack() {
        BigInteger group = BASE.pow(12);
        List<BigInteger> edges = Stream.of(
                        BigInteger.ZERO,
                        group,
                        group.shiftLeft(1),
                        BASE.pow(5),
                        BigInteger.ONE.shiftLeft(62),
                        BigInteger.ONE.shiftLeft(63),
                        BigInteger.ONE.shiftLeft(64))
                .flatMap(edge -> Stream.of(edge.subtract(BigInteger.ONE), edge, edge.add(BigInteger.ONE)))
                .filter(edge -> edge.signum() >= 0 && edge.bitLength() <= 64)
                .toList();
        for (BigInteger high : edges) {
            for (BigInteger middle : edges) {
                for (BigInteger low : edges) {
                    assertThereAndBack(
                            high.shiftLeft(64).or(middle).shiftLeft(64).or(low));
                    // The remainder of a group is its highest one, or 0.
                    assertThereAndBack(
                            high.multiply(group).add(middle).multiply(group).add(low));
                }
            }
        }
    }

    @Property
    void onlyDigitsOfTheAlphabetHaveValues(@ForAll char digit) {
        int at = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".indexOf(digit);
        int folded = digit >= 'a' && digit <= 'z' ? digit - 'a' : at;
        assertThat(Base38.value(digit)).isEqualTo(folded);
    }
}
