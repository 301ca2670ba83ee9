package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** What Exim and batv-tools were seen to do, rule by rule, and what we do. */
class ReferenceBehaviorTest {

    @ParameterizedTest(name = "{0} {7}: {9}")
    @CsvFileSource(
            resources = "observed-runs.txt",
            delimiter = '|',
            quoteCharacter = '`',
            commentCharacter = '#',
            emptyValue = "",
            nullValues = {})
    void exceptWhereArguedWeDoAsTheProgramsDid(
            String operation,
            String program,
            String secret,
            String number,
            int lifetime,
            String delimiter,
            long time,
            String address,
            String said,
            String ours) {
        Batv batv = batv(
                secret, number == null || number.isEmpty() ? 0 : Integer.parseInt(number), lifetime, delimiter, time);
        if (operation.equals("sign")) {
            String signed = batv.sign(MailAddress.split(address).orElseThrow()).toString();
            assertThat(signed).isEqualTo(ours.equals("=") ? said : ours);
            assertThat(batv.sign(MailAddress.split(signed).orElseThrow())).hasToString(signed);
        } else {
            assertThat(batv.verify(address).verdict().text()).isEqualTo(ours);
        }
    }

    private static Batv batv(String secret, int number, int lifetime, String delimiter, long time) {
        SecretKey key = SecretKeys.ofWeak(HexFormat.of().parseHex(secret));
        BatvKeyring.Builder ring = BatvKeyring.builder().sign(number, key);
        for (int other = 0; other < BatvKeyring.SLOTS; other++) {
            if (other != number) {
                ring.verify(other, key);
            }
        }
        Batv.Builder builder = Batv.builder()
                .keyring(ring.build())
                .lifetimeDays(lifetime)
                .clock(InstantSource.fixed(Instant.ofEpochSecond(time)));
        return delimiter == null || delimiter.isEmpty()
                ? builder.build()
                : builder.subAddress(delimiter.charAt(0)).build();
    }
}
