package org.senderauth.milter;

import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.MessageContent;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SignatureStripper;

/**
 * Decides on mail by a {@link SenderPolicy}: at RCPT, and on an untagged bounce at the end of the message, by its content.
 * Signs the sender of our own outbound mail, strips our signatures from recipients, adds the headers of the decision on
 * top, and deletes those that claim to be ours (RFC 8601 section 5). Thread-safe.
 *
 * <p>Mail of our own ({@link OwnMail}) is never checked. Recipients that the MTA rejects are not shown, so that no callout
 * is made for them. A client without an IP address is not checked. Mail of {@link Relays} is decided on at the end.
 */
public final class PolicyMilter implements MilterHandler {

    /** The header that names a decision as the log does. */
    public static final String DECISION_HEADER = Decision.HEADER;

    static final String AUTHENTICATION_RESULTS = "Authentication-Results";
    static final String RECEIVED = "Received";
    static final String FROM = "From";

    private static final MilterNeeds NEEDS = MilterNeeds.builder()
            .actions(EnumSet.of(
                    MilterAction.ADD_HEADERS,
                    MilterAction.CHANGE_HEADERS,
                    MilterAction.ADD_RECIPIENTS,
                    MilterAction.DELETE_RECIPIENTS,
                    MilterAction.ADD_RECIPIENT_ARGUMENTS,
                    MilterAction.CHANGE_SENDER))
            .headers(Set.of(AUTHENTICATION_RESULTS, DECISION_HEADER, RECEIVED, FROM))
            .contentBytes(MessageContent.MAX_OCTETS)
            .build();

    final SenderPolicy policy;
    final String authservId;
    final OwnMail own;
    final Relays relays;
    final Optional<String> dkimVerifier;
    final SenderSigner signer;
    final SignatureStripper stripper;
    final MessageSigner messageSigner;

    // Distinguishes the decisions of several hosts and restarts; not a secret.
    private final String prefix = Integer.toHexString(new SecureRandom().nextInt());
    private final AtomicLong decisions = new AtomicLong();

    private PolicyMilter(Builder builder) {
        this.policy = builder.policy;
        this.authservId = builder.authservId;
        this.own = builder.own;
        this.relays = builder.relays;
        this.dkimVerifier = Optional.ofNullable(builder.dkimVerifier);
        this.signer = builder.signer;
        this.stripper = builder.stripper;
        this.messageSigner = new MessageSigner(builder.messageSigners);
    }

    /**
     * Starts a filter that neither signs nor strips.
     *
     * @param policy decides; its deadline must be shorter than the MTA waits, 8 seconds for Sendmail's default
     * @param authservId this host's name in Authentication-Results, as the policy has it
     * @return a builder
     */
    public static Builder builder(SenderPolicy policy, String authservId) {
        return new Builder(policy, authservId);
    }

    @Override
    public MilterNeeds needs() {
        return NEEDS;
    }

    @Override
    public ForMessage message(MilterMessage message) {
        return new PolicyMessage(this, message);
    }

    /** A name for the decisions on one message, unlike all others. */
    String nextDecision() {
        return prefix + "." + Long.toString(decisions.incrementAndGet(), Character.MAX_RADIX);
    }

    /** Collects the parts of a filter. Not thread-safe. */
    public static final class Builder {

        private final SenderPolicy policy;
        private final String authservId;
        private OwnMail own = OwnMail.AUTHENTICATED;
        private Relays relays = Relays.NONE;
        private @Nullable String dkimVerifier;
        private SenderSigner signer = SenderSigner.NONE;
        private SignatureStripper stripper = SignatureStripper.NONE;
        private Dkim2Signers messageSigners = Dkim2Signers.NONE;

        private Builder(SenderPolicy policy, String authservId) {
            this.policy = Objects.requireNonNull(policy, "policy");
            this.authservId = Objects.requireNonNull(authservId, "authservId");
        }

        /**
         * Sets which mail is our own; by default that of authenticated clients, and mail that did not come by SMTP.
         *
         * @param ownMail our own mail
         * @return this builder
         */
        public Builder own(OwnMail ownMail) {
            this.own = Objects.requireNonNull(ownMail, "own");
            return this;
        }

        /**
         * Sets the hosts that hand mail for us on; by default there are none. The policy decides about their clients at the
         * end of the message.
         *
         * @param hosts the relays
         * @return this builder
         */
        public Builder relays(Relays hosts) {
            this.relays = Objects.requireNonNull(hosts, "relays");
            return this;
        }

        /**
         * Sets the DKIM verifier whose results may override a failure of SPF, for a policy that {@linkplain
         * SenderPolicyBuilder#unlessDkimPasses allows it}; by default there is none. The verifier must run before this
         * filter, and a {@link ResultsRemover} of the same name before the verifier: without it, clients could write its
         * results.
         *
         * @param name the name of the verifier in its Authentication-Results; not that of this filter
         * @return this builder
         * @throws IllegalArgumentException if it is the name of this filter, which deletes fields of its own name
         */
        public Builder dkimVerifier(String name) {
            if (Objects.requireNonNull(name, "name").isBlank() || name.equalsIgnoreCase(authservId)) {
                throw new IllegalArgumentException(
                        "dkimVerifier must be a name other than " + authservId + ", was '" + name + "'");
            }
            this.dkimVerifier = name;
            return this;
        }

        /**
         * Sets what signs the senders of our own mail; by default nothing does.
         *
         * @param senderSigner the signer
         * @return this builder
         */
        public Builder signer(SenderSigner senderSigner) {
            this.signer = Objects.requireNonNull(senderSigner, "signer");
            return this;
        }

        /**
         * Sets what strips our signatures from recipients; by default nothing does.
         *
         * @param stripper the stripper
         * @return this builder
         */
        public Builder stripper(SignatureStripper stripper) {
            this.stripper = Objects.requireNonNull(stripper, "stripper");
            return this;
        }

        /**
         * Sets what signs our own mail with DKIM2, after the sender is signed; by default nothing does. Experimental.
         *
         * @param newMessageSigners the signers by domain
         * @return this builder
         */
        public Builder messageSigners(Dkim2Signers newMessageSigners) {
            this.messageSigners = Objects.requireNonNull(newMessageSigners, "messageSigners");
            return this;
        }

        /**
         * Builds the filter.
         *
         * @return the filter
         */
        public PolicyMilter build() {
            return new PolicyMilter(this);
        }
    }
}
