package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;

/** The forms of the field, each with its edges. Tags as met in public mail headers and manuals; the names are examples. */
class TaggedAddressTest {

    private static MailAddress at(String local) {
        return new MailAddress(local, "example.org");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
        # local part                          | form      | tag           | original
          prvs=16481e4b5d=joe                  | STD       | 16481e4b5d    | joe
          PRVS=0896ECA59C=Joe                  | STD       | 0896eca59c    | Joe
          prvs=0896eca59c=joe=x                | STD       | 0896eca59c    | joe=x
          prvs=0896eca59c==                    | STD       | 0896eca59c    | =
          prvs=9999ffffff=joe                  | STD       | 9999ffffff    | joe
          prvs=0000000000=joe                  | STD       | 0000000000    | joe
          "prvs=0896eca59c=joe public"         | STD       | 0896eca59c    | "joe public"
          "prvs=0896eca59c="                   | STD       | 0896eca59c    | ""
          prvs=0896eca59c="joe public"         | STD       | 0896eca59c    | "joe public"
          prvs=0896eca59c=joe+prvs=0896eca59c  | STD       | 0896eca59c    | joe+prvs=0896eca59c
          prvs=750139ea6=joe                   | IRONPORT  | 750139ea6     | joe
          prvs=52269c73c=joe                   | IRONPORT  | 52269c73c     | joe
          Prvs=000118587=joe.q.public          | IRONPORT  | 000118587     | joe.q.public
          prvs=750139EA6=joe                   | IRONPORT  | 750139EA6     | joe
          prvs=joe=123ABCDEF0                  | REV_EQ    | 123ABCDEF0    | joe
          prvs=joe=750139ea6                   | REV_EQ    | 750139ea6     | joe
          prvs=joe=x=750139ea6                 | REV_EQ    | 750139ea6     | joe=x
          prvs=joe/0896eca590                  | REV_SLASH | 0896eca590    | joe
          prvs=a=b/0896eca590                  | REV_SLASH | 0896eca590    | a=b
          btv1==34826e458e2==joe               | BARRACUDA | 34826e458e2   | joe
          BTV1==34826E458E2==joe               | BARRACUDA | 34826E458E2   | joe
          msprvs1=17582Z2TKy0DK=bounces-1      | SPARKPOST | 17582Z2TKy0DK | bounces-1
          msprvs1=20570G1NGbo_G=bounces-2-4    | SPARKPOST | 20570G1NGbo_G | bounces-2-4
          MSPRVS1=20570az09AZ-_=a              | SPARKPOST | 20570az09AZ-_ | a
          joe+prvs=0896eca59c                  | SUBADDR   | 0896eca59c    | joe
          joe-prvs=0896eca59c                  | SUBADDR   | 0896eca59c    | joe
          joe+list+PRVS=0896D6DA74             | SUBADDR   | 0896d6da74    | joe+list
          "joe public+prvs=0896eca59c"         | SUBADDR   | 0896eca59c    | "joe public"
        """)
    void formIsRecognised(String local, TagFormat form, String tag, String original) {
        TaggedAddress tagged = TaggedAddress.parse(at(local)).orElseThrow();

        assertThat(tagged.tag().form()).isEqualTo(form);
        assertThat(tagged.tag()).hasToString(tag);
        assertThat(tagged.original()).isEqualTo(at(original));
    }

    // Each is one character away from a form above.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "joe",
                "prvs=",
                "prvs=0896eca59c",
                "prvs=0896eca59c=",
                "prvs0896eca59c=joe",
                "pvrs=0896eca59c=joe",
                "prvs=0896eca59cd=joe",
                "prvs=0896eca5=joe",
                "prvs=:896eca59c=joe",
                "prvs=/896eca59c=joe",
                "prvs=a896eca59c=joe",
                "prvs=0a96eca59c=joe",
                "prvs=08a6eca59c=joe",
                "prvs=089aeca59c=joe",
                "prvs=0896eca59g=joe",
                "prvs=0896eca59`=joe",
                "\"prvs=0896eca59@=joe\"",
                "prvs=0896eca59G=joe",
                "prvs=0896eca59:=joe",
                "prvs=0896-ca59c=joe",
                "prvs=0896eca59c+joe",
                "prvs=x50139ea6=joe",
                "prvs=750139eag=joe",
                "prvs=750139ea6-joe",
                "prvs=750139ea6=",
                "prvs==750139ea6",
                "prvs=/750139ea6",
                "prvs=joe=750139ea",
                "prvs=joe=750139ea612",
                "prvs=joe=7a0139ea6",
                "prvs=joe=750139eag",
                "prvs=joe+750139ea6",
                "btv1=34826e458e2==joe",
                "btv1==34826e458e2=joe",
                "btv1==34826e458e==joe",
                "btv1==34826e458e22==joe",
                "btv1==x4826e458e2==joe",
                "btv1==34826e458eg==joe",
                "btv1==34826e458e2==",
                "btv2==34826e458e2==joe",
                "msprvs1=17582Z2TKy0D=joe",
                "msprvs1=17582Z2TKy0DKK=joe",
                "msprvs1=1758aZ2TKy0DK=joe",
                "msprvs1=17582Z2TKy0D.=joe",
                "msprvs1=17582Z2TKy0D{=joe",
                "msprvs1=17582Z2TKy0D[=joe",
                "msprvs1=17582Z2TKy0DK=",
                "msprvs2=17582Z2TKy0DK=joe",
                "+prvs=0896eca59c",
                "joe=prvs=0896eca59c",
                "joeprvs=0896eca59c",
                "joe+prvs=0896eca59",
                "joe+prvs=0896eca59cc",
                "joe+prvs=0896eca59g",
                "joe+prvs=x896eca59c",
                "joe+prvs:0896eca59c",
                "\"\"",
                "\"=\"",
                "\"prvs=0896eca59c\"",
                "\"prvs==750139ea6\"",
                "\"joe+prvs=0896eca59\"",
                "SRS0=HHHH=TT=orig.example=bob",
                "SRS1=HHHH=first.example==HHH=TT=orig.example=bob",
                "SES=FZL8-J65IZ_GHGTQS=alice",
                "bounce-list-joe=rcpt.test",
                "list-bounces+joe=example.com",
                "sales=2024=joe",
                "pub3=joe=123=x",
            })
    void leavesLookAlikeAddressesUnchanged(String local) {
        assertThat(TaggedAddress.parse(at(local))).isEmpty();
        assertThat(BatvNormalizer.normalize(at(local))).isEqualTo(at(local));
    }

    @Test
    void ignoresTagBeforeUnterminatedQuote() {
        assertThat(TaggedAddress.parse(at("prvs=0896eca59c=\"a\"b\"c\""))).isEmpty();
        assertThat(TaggedAddress.parse(at("prvs=0896eca59c=a\"b\""))).isPresent();
    }

    @Test
    void backslashThatWouldQuoteTheClosingQuoteMakesNoTag() {
        assertThat(TaggedAddress.parse(at("\"joe\\+prvs=0896eca59c\""))).isEmpty();
        assertThat(TaggedAddress.parse(at("\"jo\\e+prvs=0896eca59c\""))
                        .orElseThrow()
                        .original())
                .isEqualTo(at("\"jo\\e\""));
    }

    @Test
    void longestLocalPartIsRead() {
        String core = "a".repeat(TaggedAddress.MAX_LOCAL_PART - "prvs=0896eca59c=".length());

        assertThat(TaggedAddress.parse(at("prvs=0896eca59c=" + core))).isPresent();
        assertThat(TaggedAddress.parse(at("prvs=0896eca59c=a" + core))).isEmpty();
    }

    @Test
    void normalizerTakesEveryTagAway() {
        assertThat(BatvNormalizer.normalize(at("prvs=08969ca877=prvs=0896eca59c=joe+prvs=0896eca59c")))
                .isEqualTo(at("joe"));
        assertThat(BatvNormalizer.normalize(at("btv1==34826e458e2==msprvs1=17582Z2TKy0DK=joe")))
                .isEqualTo(at("joe"));
    }

    @Test
    void tagHasItsRanges() {
        assertThat(new BatvTag.Prvs(TagFormat.STD, 0, 0, 0)).hasToString("0000000000");
        assertThat(new BatvTag.Prvs(TagFormat.SUBADDR, 9, 999, 0xffffff)).hasToString("9999ffffff");
        assertThat(new BatvTag.Prvs(TagFormat.STD, 1, 23, 0xabc)).hasToString("1023000abc");
        assertMisuse(TagFormat.IRONPORT, 0, 0, 0, "a prvs tag has the form std or subaddr, not ironport");
        String ranges = "a prvs tag has a key of 0-9, a day of 0-999 and a hash of 24 bits";
        assertMisuse(TagFormat.STD, -1, 0, 0, ranges);
        assertMisuse(TagFormat.STD, 10, 0, 0, ranges);
        assertMisuse(TagFormat.STD, 0, -1, 0, ranges);
        assertMisuse(TagFormat.STD, 0, 1000, 0, ranges);
        assertMisuse(TagFormat.STD, 0, 0, 0x1000000, ranges);
        assertMisuse(TagFormat.STD, 0, 0, -1, ranges);
    }

    private static void assertMisuse(TagFormat form, int number, int day, int hash, String message) {
        assertThatThrownBy(() -> new BatvTag.Prvs(form, number, day, hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
