package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** An attack by clients whose names have slow name servers: James runs hooks on the threads of all its sessions. */
class StallingNamesTest {

    private static final int CLIENTS = 40;

    private final Set<String> stalling = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<DnsAnswer> never = new CompletableFuture<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final DnsClient dns = (name, type) -> {
        if (name.toString().contains("stalling")) {
            stalling.add(name.toString());
            return never;
        }
        return Policies.ZONE.query(name, type);
    };

    @AfterEach
    void end() {
        never.completeExceptionally(new IllegalStateException("the test ends"));
        clients.shutdown();
    }

    private SenderPolicy policy() {
        return Policies.over(dns).deadline(Duration.ofDays(1)).build();
    }

    private CompletableFuture<String> stalls(EmbeddedServer server, int number) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (SmtpTestClient talk = SmtpTestClient.proxied(server.port(), "198.51.100.1")) {
                        return talk.mail("x@stalling" + number + ".example", "alice@example.org", "");
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                clients);
    }

    @Test
    void fortyClientsHoldNoHonestClient() throws Exception {
        SenderPolicy policy = policy();
        try (EmbeddedServer server = EmbeddedServer.withWorkers(
                64,
                new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV), CLIENTS + 8),
                new CalloutHook(policy, CLIENTS + 8),
                new AcceptedMessageFilter(policy))) {
            List<CompletableFuture<String>> attack = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                attack.add(stalls(server, i));
            }
            Await.until("all clients stall", () -> stalling.size() >= CLIENTS);
            try (SmtpTestClient talk = SmtpTestClient.proxied(server.port(), "192.0.2.1")) {
                assertThat(talk.mail("bob@example.net", "alice@example.org", "text"))
                        .startsWith("250");
            }
            assertThat(attack).noneMatch(CompletableFuture::isDone);
            never.completeExceptionally(new IllegalStateException("the name server is dead"));
        }
    }

    @Test
    void defersWhileAsManyThreadsAsMayAreWaiting() throws Exception {
        SenderPolicy policy = policy();
        try (EmbeddedServer server = EmbeddedServer.withWorkers(
                8, new SenderPolicyHook(policy, SignatureStripper.NONE, 1), new AcceptedMessageFilter(policy))) {
            // Either of the two gets the one thread.
            assertThat(CompletableFuture.anyOf(stalls(server, 1), stalls(server, 2))
                            .join())
                    .isEqualTo("451 4.3.2 Too many sender checks in progress, try again later");
            never.completeExceptionally(new IllegalStateException("the name server is dead"));
        }
    }

    @Test
    void limitMustBePositive() {
        SenderPolicy policy = policy();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SenderPolicyHook(policy, SignatureStripper.NONE, 0))
                .withMessage("maxWaiting must be positive, was 0");
    }
}
