package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

class MprResultTest {

    private static final Name BANK = DomainNames.of("bank.example");

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments(new MprOutcome.MalformedIdentity(), "none"),
                arguments(new MprOutcome.NoIdentity(), "none"),
                arguments(new MprOutcome.NoPolicy(BANK), "none"),
                arguments(new MprOutcome.NotDemanded(new MprRecord(0, 0)), "none"),
                arguments(new MprOutcome.InChannel(BANK), "pass"),
                arguments(new MprOutcome.SignedReturnPath(), "pass"),
                arguments(new MprOutcome.ListedClient(BANK), "pass"),
                arguments(new MprOutcome.WrongChannel(MprIdentity.FROM, false), "fail"),
                arguments(new MprOutcome.Undecided("bank.example"), "temperror"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void hasVerdictReplyAndAuthenticationResult(MprOutcome outcome, String verdict) {
        MprResult result = new MprResult(outcome, List.of());
        assertThat(result.verdict().text()).isEqualTo(verdict);
        assertThat(result.authResult().toString()).startsWith("x-mpr=" + verdict + " reason=\"");
        assertThat(result.isFailure()).isEqualTo(verdict.equals("fail"));
        assertThat(result.isTemporary()).isEqualTo(verdict.equals("temperror"));
        assertThat(result.smtpReply().isPresent()).isEqualTo(result.isFailure());
    }
}
