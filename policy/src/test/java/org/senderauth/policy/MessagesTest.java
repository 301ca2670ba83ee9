package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.policy.Finding.Standing;

class MessagesTest {

    private static final Duration DEADLINE = Duration.ofDays(1);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final Messages messages = new Messages(DEADLINE, PolicyObserver.NONE, nanoTime::get);
    private final CompletableFuture<Finding> answer = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Check slow = (transaction, before) -> {
        asked.incrementAndGet();
        return answer;
    };

    private static Transaction to(String recipient) {
        return Transaction.of(InetAddress.getLoopbackAddress(), "mail.example.net", "bob@example.net")
                .to(recipient)
                .ofMessage("4F3A2.1");
    }

    private Finding find(String recipient, Duration thinking) {
        Messages.Walk walk = messages.walk(to(recipient));
        nanoTime.addAndGet(thinking.toNanos());
        return walk.find(Step.SPF, slow, to(recipient), List.of());
    }

    // The limit of time is for a machine on which the test hangs, as it would if a recipient waited for another day.
    @Test
    @Timeout(60)
    void whatIsLateIsNotWaitedForAgainWithTheNextRecipient() {
        assertThat(find("alice@example.org", DEADLINE).result()).isEqualTo("timeout");
        nanoTime.addAndGet(DEADLINE.toNanos());
        assertThat(find("carol@example.org", Duration.ZERO).result()).isEqualTo("timeout");
        assertThat(asked).hasValue(1);
    }

    @Test
    @Timeout(60)
    void whatCameLateCountsForTheNextRecipient() {
        assertThat(find("alice@example.org", DEADLINE).standing()).isEqualTo(Standing.TROUBLE);
        nanoTime.addAndGet(DEADLINE.toNanos());
        answer.complete(Finding.good("pass", "it is good"));
        assertThat(find("carol@example.org", Duration.ZERO).standing()).isEqualTo(Standing.GOOD);
        assertThat(asked).hasValue(1);
    }
}
