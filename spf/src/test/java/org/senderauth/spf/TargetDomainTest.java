package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetDomainTest {

    @ParameterizedTest
    @CsvSource({"example.org, true", "example.org., true", "example.org.., false", "example..org, false", ".org, false"
    })
    void oneFinalDotIsNoLabel(String domain, boolean valid) {
        assertThat(TargetDomain.ofIdentity(domain).name() != null).isEqualTo(valid);
        assertThat(TargetDomain.ofExpansion(domain).name() != null).isEqualTo(valid);
    }
}
