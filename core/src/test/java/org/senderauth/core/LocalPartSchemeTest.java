package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalPartSchemeTest {

    @ParameterizedTest
    @CsvSource({
        "prvs=0123456789=alice, BATV",
        "PRVS=alice, BATV",
        "prvs1=x, BATV",
        "msprvs=x, BATV",
        "msprvs1=x=alice, BATV",
        "BTV1==x==alice, BATV",
        "SES=B=alice, SES",
        "ses=, SES",
        "SRS0=a=b=c=d, SRS0",
        "srs0-a, SRS0",
        "SRS0+a, SRS0",
        "SRS1=a=b==c, SRS1",
        "srs1+a, SRS1",
        "srs1-, SRS1",
    })
    void recognizesTags(String localPart, LocalPartScheme scheme) {
        assertThat(LocalPartScheme.of(localPart)).contains(scheme);
        assertThat(scheme.isSrs()).isEqualTo(scheme.name().startsWith("SRS"));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "s",
        "srs0",
        "srs0_a",
        "srs0.joe",
        "srs2=a",
        "ses",
        "xses=b=alice",
        "btv1=x",
        "prvs",
        "prvs0=x",
        "a=b",
        "\u017frs0=a",
        "\u017fes=a",
        "joe+prvs=0123456789",
    })
    void leavesOrdinaryLocalPartsAlone(String localPart) {
        assertThat(LocalPartScheme.of(localPart)).isEmpty();
        assertThat(LocalPartScheme.stablePart(localPart)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "prvs=0896eca59c=joe, joe",
        "prvs=joe/0896eca59c, joe",
        "SES=FZL8-J65IZ_GHGTQS=alice, alice",
        "SRS0=dVfY=EL=example.org=alice, srs0=example.org=alice",
        "SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe, srs1=fwd.example.com=example.org=joe",
    })
    void tellsWhatStaysFromOneSignatureToTheNext(String localPart, String stable) {
        assertThat(LocalPartScheme.stablePart(localPart)).contains(stable);
    }

    @Test
    void incompleteTagHasNoStablePart() {
        assertThat(LocalPartScheme.stablePart("SRS0=joe")).isEmpty();
        assertThat(LocalPartScheme.stablePart("SRS1=joe")).isEmpty();
        assertThat(LocalPartScheme.stablePart("SES=joe")).isEmpty();
        assertThat(LocalPartScheme.stablePart("prvs=joe")).isEmpty();
    }
}
