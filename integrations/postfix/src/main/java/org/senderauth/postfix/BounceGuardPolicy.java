package org.senderauth.postfix;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.SenderProof;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;
import org.senderauth.spf.SpfVerifier;

/**
 * Answers policy requests with the question whether a bounce may be sent to the sender, for hosts that accept mail before
 * they know that they can deliver it. Thread-safe.
 *
 * <p>If it may, the action is {@code DUNNO}; a null sender gets no bounces, and has the same action. If not, the action is
 * the name {@value #CLASS}: a restriction class of Postfix, which says what is done with mail that cannot be bounced, such
 * as {@code reject_unverified_recipient}. A temporary failure of the DNS is never that class, but {@code DEFER_IF_PERMIT}.
 *
 * <p>A sender is proven by SPF pass, or by an authenticated user, whatever the sender is: Postfix has
 * {@code reject_sender_login_mismatch} for that.
 */
public final class BounceGuardPolicy implements Function<PolicyRequest, PolicyAction> {

    /** The value of {@code policy_context} in Postfix's {@code check_policy_service} that asks for this answer. */
    public static final String CONTEXT = "may-bounce";

    /** The name of the restriction class for mail that cannot be bounced. */
    public static final String CLASS = "may_not_bounce";

    private static final PolicyAction MAY_NOT = new PolicyAction(CLASS);

    private final BounceGuard guard;
    private final SpfProofs proofs;

    /**
     * Creates a service.
     *
     * @param guard the methods of proof that are accepted
     * @param spf the SPF verifier
     */
    public BounceGuardPolicy(BounceGuard guard, SpfVerifier spf) {
        this.guard = Objects.requireNonNull(guard, "guard");
        this.proofs = new SpfProofs(guard, Objects.requireNonNull(spf, "spf"));
    }

    /**
     * Returns this answer for requests with the context {@value #CONTEXT}, and that of a service for all others.
     *
     * @param service the service for other requests
     * @return both
     */
    public Function<PolicyRequest, PolicyAction> or(Function<PolicyRequest, PolicyAction> service) {
        Objects.requireNonNull(service, "service");
        return request -> request.get("policy_context").equals(CONTEXT) ? apply(request) : service.apply(request);
    }

    @Override
    public PolicyAction apply(PolicyRequest request) {
        Optional<InetAddress> client = IpAddresses.parse(request.get("client_address"));
        EnvelopePath path = EnvelopePath.parse(request.get("sender"));
        Optional<MailAddress> sender = path.address();
        if (sender.isEmpty()) {
            // Before MAIL there is no sender either, and nothing to bounce.
            return path instanceof EnvelopePath.Null ? PolicyAction.DUNNO : MAY_NOT;
        }
        if (!request.get("sasl_username").isEmpty()) {
            return action(guard.decide(sender.get(), List.of(SenderProof.authenticated())));
        }
        if (client.isEmpty()) {
            return action(guard.decide(sender.get(), List.of()));
        }
        return proofs.decide(client.get(), request.get("helo_name"), sender.get())
                .map(BounceGuardPolicy::action)
                .orElseGet(() -> PolicyAction.defer("4.4.3", "SPF temporary error"));
    }

    private static PolicyAction action(BounceGuard.Reason reason) {
        return reason == BounceGuard.Reason.PROVEN ? PolicyAction.DUNNO : MAY_NOT;
    }
}
