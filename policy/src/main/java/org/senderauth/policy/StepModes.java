package org.senderauth.policy;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;

/**
 * The modes of the steps: a default, and modes for sender and recipient domains. The mode for the sender's domain
 * overrides that for the recipient's, and both override the default. Immutable and thread-safe.
 */
public final class StepModes {

    private final Map<Step, StepMode> defaultModes;
    private final Map<String, Map<Step, StepMode>> senderDomains;
    private final Map<String, Map<Step, StepMode>> recipientDomains;
    private final boolean monitorOnly;

    private StepModes(Builder builder) {
        this.defaultModes = new EnumMap<>(builder.defaultModes);
        this.senderDomains = copy(builder.senderDomains);
        this.recipientDomains = copy(builder.recipientDomains);
        this.monitorOnly = builder.monitorOnly;
    }

    private static Map<String, Map<Step, StepMode>> copy(Map<String, Map<Step, StepMode>> domains) {
        Map<String, Map<Step, StepMode>> copy = new HashMap<>();
        domains.forEach((domain, modes) -> copy.put(domain, new EnumMap<>(modes)));
        return copy;
    }

    /**
     * Returns a builder with which every step enforces except the callout, which is off because it connects to other
     * hosts, and DKIM2 and the content, which monitor until all mail of a domain has been signed for some time.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the mode of a step for a transaction.
     *
     * @param step the step
     * @param transaction the transaction
     * @return its mode
     */
    public StepMode mode(Step step, Transaction transaction) {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(transaction, "transaction");
        StepMode mode = find(senderDomains, transaction.sender(), step);
        if (mode == null) {
            mode = find(recipientDomains, transaction.recipient().orElse(null), step);
        }
        if (mode == null) {
            mode = defaultModes.getOrDefault(step, unset(step));
        }
        return monitorOnly && mode == StepMode.ENFORCE ? StepMode.MONITOR : mode;
    }

    // A callout connects to other hosts, so it never runs unless it was switched on.
    private static StepMode unset(Step step) {
        return step == Step.CALLOUT ? StepMode.OFF : StepMode.ENFORCE;
    }

    /** Tests whether the mode of a step was set, for any transaction. */
    boolean isSet(Step step) {
        return defaultModes.containsKey(step) || isNamed(senderDomains, step) || isNamed(recipientDomains, step);
    }

    /** Tests whether the mode of a step can no longer change for a transaction at a stage. */
    boolean settledAt(Stage stage, Step step, Transaction transaction) {
        return switch (stage) {
            case HELO -> !isNamed(senderDomains, step) && !isNamed(recipientDomains, step);
            case MAIL -> find(senderDomains, transaction.sender(), step) != null || !isNamed(recipientDomains, step);
            case RCPT, RCPT_VALIDATED, END_OF_MESSAGE -> true;
        };
    }

    private static boolean isNamed(Map<String, Map<Step, StepMode>> domains, Step step) {
        return domains.values().stream().anyMatch(modes -> modes.containsKey(step));
    }

    private static @Nullable StepMode find(
            Map<String, Map<Step, StepMode>> domains, @Nullable String address, Step step) {
        if (domains.isEmpty()) {
            return null;
        }
        Map<Step, StepMode> modes = domains.get(DomainNormalizer.ofAddress(address));
        return modes == null ? null : modes.get(step);
    }

    /** Collects modes. Not thread-safe. */
    public static final class Builder {

        private final Map<Step, StepMode> defaultModes =
                new EnumMap<>(Map.of(Step.DKIM2, StepMode.MONITOR, Step.CONTENT, StepMode.MONITOR));
        private final Map<String, Map<Step, StepMode>> senderDomains = new HashMap<>();
        private final Map<String, Map<Step, StepMode>> recipientDomains = new HashMap<>();
        private boolean monitorOnly;

        private Builder() {}

        /**
         * Sets whether all steps that would enforce only monitor, whatever their modes are. False by default.
         *
         * @param monitor true so that no step rejects or defers
         */
        public Builder monitorOnly(boolean monitor) {
            this.monitorOnly = monitor;
            return this;
        }

        /**
         * Sets the default mode of a step.
         *
         * @param step the step
         * @param mode its mode
         */
        public Builder defaultMode(Step step, StepMode mode) {
            defaultModes.put(Objects.requireNonNull(step, "step"), Objects.requireNonNull(mode, "mode"));
            return this;
        }

        /**
         * Sets the mode of a step for senders at a domain.
         *
         * @param domain the domain, without its subdomains
         * @param step the step
         * @param mode its mode
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder senderDomain(String domain, Step step, StepMode mode) {
            put(senderDomains, domain, step, mode);
            return this;
        }

        /**
         * Sets the mode of a step for recipients at a domain.
         *
         * @param domain the domain, without its subdomains
         * @param step the step
         * @param mode its mode
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder recipientDomain(String domain, Step step, StepMode mode) {
            put(recipientDomains, domain, step, mode);
            return this;
        }

        private static void put(Map<String, Map<Step, StepMode>> domains, String domain, Step step, StepMode mode) {
            domains.computeIfAbsent(
                            DomainNormalizer.normal(MailDomain.require(domain, "domain")),
                            d -> new EnumMap<>(Step.class))
                    .put(Objects.requireNonNull(step, "step"), Objects.requireNonNull(mode, "mode"));
        }

        /**
         * Builds the modes.
         *
         * @return immutable modes
         */
        public StepModes build() {
            return new StepModes(this);
        }
    }
}
