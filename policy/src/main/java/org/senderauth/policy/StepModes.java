package org.senderauth.policy;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each step may do, in general and for domains. What is said for the sender's domain goes before what is said for
 * the recipient's, and both before the general word. Immutable and thread-safe.
 */
public final class StepModes {

    private final Map<Step, StepMode> general;
    private final Map<String, Map<Step, StepMode>> senderDomains;
    private final Map<String, Map<Step, StepMode>> recipientDomains;

    private StepModes(Builder builder) {
        this.general = new EnumMap<>(builder.general);
        this.senderDomains = copy(builder.senderDomains);
        this.recipientDomains = copy(builder.recipientDomains);
    }

    private static Map<String, Map<Step, StepMode>> copy(Map<String, Map<Step, StepMode>> domains) {
        Map<String, Map<Step, StepMode>> copy = new HashMap<>();
        domains.forEach((domain, modes) -> copy.put(domain, new EnumMap<>(modes)));
        return copy;
    }

    /**
     * Starts with every step enforcing but the callout, which is off: it asks other people's servers.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What a step may do for a transaction.
     *
     * @param step the step
     * @param transaction the transaction
     * @return its mode
     */
    public StepMode mode(Step step, Transaction transaction) {
        StepMode mode = find(senderDomains, transaction.sender(), step);
        if (mode == null) {
            mode = find(recipientDomains, transaction.recipient(), step);
        }
        return mode == null ? general.getOrDefault(step, StepMode.ENFORCE) : mode;
    }

    /** Whether the mode of a step can no longer change for a transaction that has come so far. */
    boolean settledAt(Stage stage, Step step, Transaction transaction) {
        return switch (stage) {
            case HELO -> !isNamed(senderDomains, step) && !isNamed(recipientDomains, step);
            case MAIL -> find(senderDomains, transaction.sender(), step) != null || !isNamed(recipientDomains, step);
            case RCPT, RECIPIENT_EXISTS -> true;
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
        Map<Step, StepMode> modes = domains.get(Domains.ofAddress(address));
        return modes == null ? null : modes.get(step);
    }

    /** Collects modes. Not thread-safe. */
    public static final class Builder {

        private final Map<Step, StepMode> general = new EnumMap<>(Map.of(Step.CALLOUT, StepMode.OFF));
        private final Map<String, Map<Step, StepMode>> senderDomains = new HashMap<>();
        private final Map<String, Map<Step, StepMode>> recipientDomains = new HashMap<>();

        private Builder() {}

        /**
         * What a step may do in general.
         *
         * @param step the step
         * @param mode its mode
         * @return this
         */
        public Builder general(Step step, StepMode mode) {
            general.put(step, mode);
            return this;
        }

        /**
         * What a step may do for senders at a domain.
         *
         * @param domain the domain; those below it are others
         * @param step the step
         * @param mode its mode
         * @return this
         */
        public Builder sendersAt(String domain, Step step, StepMode mode) {
            put(senderDomains, domain, step, mode);
            return this;
        }

        /**
         * What a step may do for recipients at a domain.
         *
         * @param domain the domain; those below it are others
         * @param step the step
         * @param mode its mode
         * @return this
         */
        public Builder recipientsAt(String domain, Step step, StepMode mode) {
            put(recipientDomains, domain, step, mode);
            return this;
        }

        private static void put(Map<String, Map<Step, StepMode>> domains, String domain, Step step, StepMode mode) {
            domains.computeIfAbsent(Domains.normal(domain), d -> new EnumMap<>(Step.class))
                    .put(step, mode);
        }

        /**
         * The modes.
         *
         * @return immutable modes
         */
        public StepModes build() {
            return new StepModes(this);
        }
    }
}
