package org.senderauth.postfix;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/**
 * Answers policy requests with the decisions of a {@link SenderPolicy}. Thread-safe.
 *
 * <p>A message is decided on at MAIL and for each of its recipients. One that went on there is not decided on again at
 * DATA, where several recipients have no name any more: it only gets the rest of its headers, and the policy is told
 * that it was {@linkplain SenderPolicy#accepted accepted}. A message that is first asked about at DATA is decided on
 * there.
 *
 * <p>An action carries one header. A message with several gets one for each question: with {@code check_policy_service}
 * in {@code smtpd_recipient_restrictions} and in {@code smtpd_data_restrictions} it gets two at least.
 */
public final class PolicyService implements Function<PolicyRequest, PolicyAction> {

    // Before MAIL an empty sender attribute does not mean the null sender; ETRN and VRFY have none.
    private static final Set<String> ENVELOPE_STATES = Set.of("MAIL", "RCPT");
    private static final Set<String> DATA_STATES = Set.of("DATA", "END-OF-MESSAGE");

    private static final long MESSAGES = 4_000;
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final SenderPolicy policy;
    private final Cache<String, Passed> passed = Caffeine.newBuilder()
            .maximumSize(MESSAGES)
            .expireAfterAccess(MEMORY)
            .executor(Runnable::run)
            .build();

    /** A message that may go on. */
    private static final class Passed {

        private List<String> headers = List.of();
        private int given;
        private boolean atData;

        /** Takes over the headers of a decision; an exempt recipient has none, and another one may have. */
        synchronized Passed with(Decision decision) {
            headers = headers.isEmpty() ? decision.headers() : headers;
            return this;
        }

        synchronized PolicyAction next() {
            return given < headers.size() ? PolicyAction.prepend(headers.get(given++)) : PolicyAction.DUNNO;
        }

        synchronized boolean isFirstAtData() {
            boolean first = !atData;
            atData = true;
            return first;
        }
    }

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
        String state = request.get("protocol_state");
        boolean atData = DATA_STATES.contains(state);
        if (client.isEmpty() || !atData && !ENVELOPE_STATES.contains(state)) {
            return PolicyAction.DUNNO;
        }
        Transaction transaction = transaction(client.get(), request);
        String instance = transaction.message();
        Passed message = instance == null ? null : passed.getIfPresent(instance);
        if (!atData || message == null) {
            Decision decision = policy.decide(transaction);
            if (decision.reply().isPresent()) {
                return refusal(decision.reply().get());
            }
            message = (instance == null ? new Passed() : passed.get(instance, name -> new Passed())).with(decision);
        }
        if (atData && message.isFirstAtData()) {
            policy.accepted(transaction);
        }
        return message.next();
    }

    private static Transaction transaction(InetAddress client, PolicyRequest request) {
        return new Transaction(
                client,
                request.get("helo_name"),
                request.get("sender"),
                orNull(request.get("recipient")),
                orNull(request.get("sasl_username")),
                orNull(request.get("instance")));
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }

    private static PolicyAction refusal(SmtpReply reply) {
        return reply.isPermanent()
                ? PolicyAction.refuse(reply.code(), reply.enhancedCode(), reply.text())
                : PolicyAction.defer(reply.enhancedCode(), reply.text());
    }
}
