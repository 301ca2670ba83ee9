package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          =?utf-8?Q?caf=C3=A9?=         | café
          =?ISO-8859-1?Q?caf=E9?=       | café
          =?latin1?Q?caf=E9?=           | café
          =?iso-2022-jp?B?GyRCRk8bKEI=?= | 届
          =?koi8-r?Q?=C4=C1?=           | да
          =?no-such-name?Q?caf=C3=A9?=  | café
          =?no-such-name?Q?caf=E9?=     | café
          =?!?Q?caf=C3=A9?=             | café
        """)
    void decodesNamesAliasesAndUnknownNames(String field, String text) {
        assertThat(EncodedText.field(field)).isEqualTo(text);
    }

    @Test
    void unknownCharsetsCostNoSearchEach() {
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            field.append("=?x").append(i).append("?Q?a?=");
        }

        // Each search of all providers takes about a millisecond.
        assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThat(EncodedText.field(field.toString())).hasSize(50_000));
    }
}
