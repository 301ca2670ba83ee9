package org.senderauth.postfix;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/**
 * Answers policy requests with the decisions of a {@link SenderPolicy}. Thread-safe.
 *
 * <p>An action carries one header. A message with several gets one for each question: with {@code check_policy_service}
 * in {@code smtpd_recipient_restrictions} and in {@code smtpd_data_restrictions} it gets two at least.
 */
public final class PolicyService implements Function<PolicyRequest, PolicyAction> {

    // Before MAIL an empty sender attribute does not mean the null sender; ETRN and VRFY have none.
    private static final Set<String> STATES = Set.of("MAIL", "RCPT", "DATA", "END-OF-MESSAGE");

    private static final long MESSAGES = 10_000;
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final SenderPolicy policy;
    private final Cache<String, AtomicInteger> headersGiven =
            Caffeine.newBuilder().maximumSize(MESSAGES).expireAfterWrite(MEMORY).build();

    /**
     * A service in front of a policy.
     *
     * @param policy decides
     */
    public PolicyService(SenderPolicy policy) {
        this.policy = policy;
    }

    @Override
    public PolicyAction apply(PolicyRequest request) {
        // Postfix says "unknown" for a client whose address it was not told.
        Optional<InetAddress> client = IpAddresses.parse(request.get("client_address"));
        if (client.isEmpty() || !STATES.contains(request.get("protocol_state"))) {
            return PolicyAction.DUNNO;
        }
        String recipient = request.get("recipient");
        String user = request.get("sasl_username");
        String instance = request.get("instance");
        Decision decision = policy.decide(new Transaction(
                client.get(),
                request.get("helo_name"),
                request.get("sender"),
                recipient.isEmpty() ? null : recipient,
                user.isEmpty() ? null : user,
                instance.isEmpty() ? null : instance));
        return decision.reply().map(PolicyService::refusal).orElseGet(() -> header(instance, decision.headers()));
    }

    private static PolicyAction refusal(SmtpReply reply) {
        return reply.isPermanent()
                ? PolicyAction.refuse(reply.code(), reply.enhancedCode(), reply.text())
                : PolicyAction.defer(reply.enhancedCode(), reply.text());
    }

    private PolicyAction header(String instance, List<String> headers) {
        int next = instance.isEmpty()
                ? 0
                : headersGiven.get(instance, name -> new AtomicInteger()).getAndIncrement();
        return next < headers.size() ? PolicyAction.prepend(headers.get(next)) : PolicyAction.DUNNO;
    }
}
