package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.outcome.ProbeReport.TriState;

class ProbePermitTest {

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN,   false, UNPROVEN, false",
        "UNDECIDED, false, UNPROVEN, true",
        "NO,        false, PROVEN,   true",
        "YES,       false, PROVEN,   true",
        "UNDECIDED, true,  RESERVED, true",
    })
    void provesDomainByAcceptedMailboxOnly(
            TriState catchAll, boolean reserved, BreakerScope scope, boolean mailboxSeen) {
        AdmissionRequest request =
                new AdmissionRequest("a@d.test", null, null, "d.test", "d.test", "198.51.100.9", reserved, 1, true);
        DomainEntry facts = new DomainEntry(null, catchAll, Instant.EPOCH);
        ProbePermit permit = new ProbePermit(request, "token", null, null, facts, reserved);
        assertThat(permit.scope()).isEqualTo(scope);
        assertThat(permit.isProven()).isEqualTo(mailboxSeen);
    }
}
