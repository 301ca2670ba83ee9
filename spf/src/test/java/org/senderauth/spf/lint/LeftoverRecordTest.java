package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of discontinued kinds next to the SPF record. */
class LeftoverRecordTest {

    private final LintZone zone = new LintZone();

    @ParameterizedTest
    @CsvSource({
        "SPF, v=spf1 ip4:192.0.2.1 -all, false",
        "SPF, V=SPF1  IP4:192.0.2.1 -all, false",
        "SPF, v=spf1 ip4:192.0.2.9 -all, true",
        "SPF, v=spf1; -all, true",
        "TXT, 'spf2.0/pra ip4:192.0.2.1 -all', false",
        "TXT, 'spf2.0/mfrom,pra ip4:192.0.2.1 -all', false",
        "TXT, 'spf2.0/pra ?all', true",
        "TXT, 'spf2.0/pra', true",
        "TXT, 'spf2.0 notes', false",
        "TXT, 'spf2.0/prank -all', false",
    })
    void reportsRecordThatDiffers(String type, String text, boolean reported) {
        zone.text("example.org. 60 " + type + " \"" + text + "\"");
        LintReport report = zone.lint("v=spf1 ip4:192.0.2.1 -all");
        assertThat(LintZone.codes(report)).containsExactlyElementsOf(reported ? List.of("leftover-record") : List.of());
    }

    @Test
    void reportsRecordOfOldTypeAlone() {
        zone.text("example.org. 60 SPF \"v=spf1 -all\"");
        assertThat(LintZone.codes(zone.linter().lint("example.org"))).containsExactly("no-record", "leftover-record");
    }
}
