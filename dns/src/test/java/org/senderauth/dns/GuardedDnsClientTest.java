package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class GuardedDnsClientTest {

    private static final Name NAME = Name.fromConstantString("example.org.");

    static Stream<DnsClient> brokenClients() {
        return Stream.of(
                (name, type) -> {
                    throw new IllegalStateException("broken");
                },
                (name, type) -> CompletableFuture.failedFuture(new IllegalStateException("broken")),
                (name, type) -> CompletableFuture.completedFuture(null),
                (name, type) -> null);
    }

    @ParameterizedTest
    @MethodSource("brokenClients")
    void failureIsUnavailable(DnsClient broken) {
        CompletionStage<DnsAnswer> answer = DnsClient.guarded(broken).query(NAME, Type.A);
        assertThat(answer.toCompletableFuture().join()).isInstanceOf(Unavailable.class);
    }

    @Test
    void passesAnswersOn() {
        DnsAnswer answer = new Unavailable(Unavailable.Cause.TIMEOUT, "late");
        DnsClient guarded = DnsClient.guarded((name, type) -> CompletableFuture.completedFuture(answer));
        assertThat(guarded.query(NAME, Type.A).toCompletableFuture().join()).isSameAs(answer);
        assertThat(DnsClient.guarded(guarded)).isSameAs(guarded);
    }

    @Test
    void rejectsRelativeName() {
        DnsClient guarded = DnsClient.guarded((name, type) -> CompletableFuture.completedFuture(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guarded.query(Name.fromConstantString("example"), Type.A));
    }
}
