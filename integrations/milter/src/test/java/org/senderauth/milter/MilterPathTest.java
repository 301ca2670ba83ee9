package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilterPathTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "<joe@client.example>, joe@client.example",
                "Joe@Client.Example, Joe@Client.Example",
                "<\"joe smith\"@client.example>, \"joe smith\"@client.example",
                "'<@relay.example,@b.example:joe@client.example>', joe@client.example",
                "<>, ''",
                "'', ''",
                "<, <",
                "<<a>>, <a>",
                "@a, @a"
            })
    void everySpellingIsOneAddress(String octets, String address) {
        assertThat(MilterPath.of(octets, List.of()).address()).isEqualTo(address);
    }

    @Test
    void argumentsInTheFirstTextAreFound() {
        MilterPath path = MilterPath.of("<joe@client.example> SIZE=200 SMTPUTF8", List.of("RET=HDRS"));
        assertThat(path.address()).isEqualTo("joe@client.example");
        assertThat(path.octets()).isEqualTo("<joe@client.example>");
        assertThat(path.arguments()).containsExactly("SIZE=200", "SMTPUTF8", "RET=HDRS");
    }

    @Test
    void octetsAreUtf8OrKeptOneByOne() {
        assertThat(MilterPath.of("<j\u00c3\u00bcrgen@client.example>", List.of())
                        .address())
                .isEqualTo("j\u00fcrgen@client.example");
        assertThat(MilterPath.of("<j\u00fcrgen@client.example>", List.of()).address())
                .isEqualTo("j\u00fcrgen@client.example");
    }
}
