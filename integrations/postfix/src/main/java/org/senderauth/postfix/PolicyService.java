package org.senderauth.postfix;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.MessageProgress;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/**
 * Answers policy requests with the decisions of a {@link SenderPolicy}. Thread-safe.
 *
 * <p>The policy decides at MAIL and for each recipient. It does not decide again at DATA, where Postfix no longer names
 * several recipients: the message only gets its remaining header fields, and the policy records that it was {@linkplain
 * SenderPolicy#accepted accepted}. If the first request for a message comes at DATA, the policy decides there.
 *
 * <p>An action contains one header field. A message with several gets one per request: with {@code check_policy_service}
 * in {@code smtpd_recipient_restrictions} and in {@code smtpd_data_restrictions} it gets two at least.
 */
public final class PolicyService implements Function<PolicyRequest, PolicyAction> {

    // Before MAIL an empty sender attribute does not mean the null sender; ETRN and VRFY have none.
    private static final Set<String> ENVELOPE_STATES = Set.of("MAIL", "RCPT");
    private static final Set<String> DATA_STATES = Set.of("DATA", "END-OF-MESSAGE");

    /** The enhanced status code of the brakes on guessing and on floods of bounces. */
    private static final String BRAKE = "4.7.1";

    private final SenderPolicy policy;

    /**
     * Creates a service.
     *
     * @param policy the policy that decides
     */
    public PolicyService(SenderPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
    }

    @Override
    public PolicyAction apply(PolicyRequest request) {
        // Postfix sends "unknown" for a client without a known address.
        Optional<InetAddress> client = IpAddresses.parse(request.get("client_address"));
        String state = request.get("protocol_state");
        boolean atData = DATA_STATES.contains(state);
        if (client.isEmpty() || !atData && !ENVELOPE_STATES.contains(state)) {
            return PolicyAction.DUNNO;
        }
        Transaction transaction = transaction(client.get(), request);
        MessageProgress message = policy.progress(transaction);
        if (!atData || !message.hasPassed()) {
            Decision decision = policy.decide(transaction);
            if (decision.smtpReply().isPresent()) {
                return reply(decision.smtpReply().get());
            }
            message.passed(inOrder(decision));
        }
        if (atData && message.accept()) {
            policy.accepted(transaction);
        }
        return message.nextHeader(PolicyAction::prepend).orElse(PolicyAction.DUNNO);
    }

    /**
     * Drops the results of a message, for {@link PolicyProtocol#PolicyProtocol(Function, java.util.function.Consumer)}.
     *
     * @param message the request's attributes that name the message
     */
    public void ended(PolicyRequest message) {
        IpAddresses.parse(message.get("client_address"))
                .ifPresent(client -> policy.ended(transaction(client, message)));
    }

    // Postfix may ask only twice, so the reply that was withheld comes before what Authentication-Results says too.
    private static List<String> inOrder(Decision decision) {
        if (decision.withheld().isEmpty()) {
            return decision.headers();
        }
        List<String> ordered = new ArrayList<>(decision.headers());
        ordered.sort(Comparator.comparingInt(header -> header.startsWith("Received-SPF:") ? 1 : 0));
        return ordered;
    }

    private static Transaction transaction(InetAddress client, PolicyRequest request) {
        Transaction transaction = Transaction.of(client, request.get("helo_name"), request.get("sender"));
        transaction = with(transaction, request.get("recipient"), Transaction::to);
        transaction = with(transaction, request.get("sasl_username"), Transaction::authenticatedAs);
        transaction = with(transaction, request.get("instance"), Transaction::ofMessage);
        return with(transaction, request.get("queue_id"), Transaction::queuedAs);
    }

    // Postfix sends an empty value for what is unknown.
    private static Transaction with(
            Transaction transaction, String value, BiFunction<Transaction, String, Transaction> setter) {
        return value.isEmpty() ? transaction : setter.apply(transaction, value);
    }

    private static PolicyAction reply(SmtpReply reply) {
        String code = withoutSenderDetail(reply.enhancedCode());
        if (reply.isPermanent()) {
            return PolicyAction.reject(reply.code(), code, reply.text());
        }
        // Too many invalid signatures: what Postfix says of the address later would show which one is valid.
        return reply.enhancedCode().equals(BRAKE)
                ? PolicyAction.deferAtOnce(reply.code(), code, reply.text())
                : PolicyAction.defer(code, reply.text());
    }

    // Postfix replies to RCPT, and there rewrites the codes of a bad sender (x.1.7, x.1.8) into those of a bad
    // recipient
    // (x.1.3, x.1.2), on which mailing lists unsubscribe the recipient. It leaves x.1.0, other address status (RFC 3463
    // section 3.2), unchanged.
    private static String withoutSenderDetail(String enhancedCode) {
        return enhancedCode.endsWith(".1.7") || enhancedCode.endsWith(".1.8")
                ? enhancedCode.charAt(0) + ".1.0"
                : enhancedCode;
    }
}
