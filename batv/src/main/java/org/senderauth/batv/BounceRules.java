package org.senderauth.batv;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SafeText;
import org.senderauth.core.SmtpReply;

/**
 * The rules of a {@link BounceFilter}. The defaults reject forged and expired tags at RCPT, check the content of bounces
 * without a tag at the end of data, and accept ordinary mail. Immutable and thread-safe.
 */
public final class BounceRules {

    final boolean mailerDaemon;
    final BounceAction onInvalid;
    final BounceAction onUnsigned;
    private final Map<MessageKind, BounceAction> onContent;
    private final @Nullable BounceAction onNeverOurs;
    private final Predicate<String> ownHosts;
    final BounceAction onTaggedNonBounce;
    final BounceAction onKeysUnavailable;
    final boolean oneRecipient;
    final Set<TagFormat> migration;
    final Predicate<InetAddress> exemptPeers;
    final RolloutSchedule rollOut;
    final int failureLimit;
    private final @Nullable String refusal;

    private BounceRules(Builder builder) {
        this.mailerDaemon = builder.mailerDaemon;
        this.onInvalid = builder.onInvalid;
        this.onUnsigned = builder.onUnsigned;
        this.onContent = new EnumMap<>(builder.onContent);
        this.onNeverOurs = builder.onNeverOurs;
        this.ownHosts = builder.ownHosts;
        this.onTaggedNonBounce = builder.onTaggedNonBounce;
        this.onKeysUnavailable = builder.onKeysUnavailable;
        this.oneRecipient = builder.oneRecipient;
        this.migration = builder.migration;
        this.exemptPeers = builder.exemptPeers;
        this.rollOut = builder.rollOut;
        this.failureLimit = builder.failureLimit;
        this.refusal = builder.refusal;
    }

    /**
     * Returns whether mail from this sender is handled as a bounce.
     *
     * @param sender the envelope sender; null is the null reverse-path {@code <>}
     * @return true for the null sender, and for {@code mailer-daemon@} unless the rules say otherwise
     */
    public boolean isBounceSender(@Nullable MailAddress sender) {
        return sender == null || mailerDaemon && sender.localPart().equalsIgnoreCase("mailer-daemon");
    }

    /**
     * Returns what is done at the end of data with a bounce without a tag.
     *
     * @param content the content of the message
     * @return the action
     */
    public BounceAction untaggedAction(MessageContent content) {
        return isNeverOurs(content) ? Objects.requireNonNull(onNeverOurs) : onContent(content.kind());
    }

    /** {@return the reply by which a bounce is rejected; by default for one without a valid BATV tag} */
    public SmtpReply rejection() {
        return rejection(BounceFilter.NO_TAG);
    }

    // 5.7.1, not 5.1.1: the mailbox exists, and list software must not think it gone.
    SmtpReply rejection(String defaultText) {
        return new SmtpReply(550, "5.7.1", refusal == null ? defaultText : refusal);
    }

    boolean isNeverOurs(MessageContent content) {
        return onNeverOurs != null
                && content.kind().isBounce()
                && content.returnedMessage()
                        .filter(message -> message.isNeverOurs(ownHosts))
                        .isPresent();
    }

    BounceAction onContent(MessageKind kind) {
        return Objects.requireNonNull(onContent.get(kind));
    }

    /** {@return the recommended rules} */
    public static BounceRules defaults() {
        return builder().build();
    }

    /** {@return a builder with the recommended rules} */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder of {@link BounceRules}. Not thread-safe. */
    public static final class Builder {

        private boolean mailerDaemon = true;
        private BounceAction onInvalid = BounceAction.REJECT;
        private BounceAction onUnsigned = BounceAction.CHECK_CONTENT;
        private final Map<MessageKind, BounceAction> onContent = new EnumMap<>(Map.of(
                MessageKind.DSN, BounceAction.REJECT,
                MessageKind.MDN, BounceAction.ACCEPT,
                MessageKind.AUTO_REPLY, BounceAction.ACCEPT,
                MessageKind.BACKSCATTER, BounceAction.REJECT,
                MessageKind.OTHER, BounceAction.ACCEPT));
        private @Nullable BounceAction onNeverOurs;
        private Predicate<String> ownHosts = host -> true;
        private BounceAction onTaggedNonBounce = BounceAction.ACCEPT;
        private BounceAction onKeysUnavailable = BounceAction.DEFER;
        private boolean oneRecipient;
        private Set<TagFormat> migration = Set.of();
        private Predicate<InetAddress> exemptPeers = client -> false;
        private RolloutSchedule rollOut = RolloutSchedule.everyone();
        private int failureLimit = Integer.MAX_VALUE;
        private @Nullable String refusal;

        private Builder() {}

        /**
         * Sets whether mail from {@code mailer-daemon@} any domain is a bounce, as mail with a null sender is
         * (draft-levine-smtp-batv-01 section 2.4.2). Default: true.
         *
         * @param bounces whether it is a bounce
         */
        public Builder mailerDaemon(boolean bounces) {
            this.mailerDaemon = bounces;
            return this;
        }

        /**
         * Sets the action for a bounce whose tag is forged, expired or from another product. Default: {@link
         * BounceAction#REJECT}.
         *
         * @param action not {@link BounceAction#CHECK_CONTENT}
         * @throws IllegalArgumentException if it is {@link BounceAction#CHECK_CONTENT}
         */
        public Builder onInvalid(BounceAction action) {
            this.onInvalid = decided(action);
            return this;
        }

        /**
         * Sets the action at RCPT for a bounce without a tag to an address whose mail is tagged. Default: {@link
         * BounceAction#CHECK_CONTENT}. With it callouts to untagged addresses succeed, because they end before the data,
         * and notices that never have a tag are accepted. With several recipients the message counts as a {@link
         * MessageKind#DSN} at once.
         *
         * @param action the action
         */
        public Builder onUnsigned(BounceAction action) {
            this.onUnsigned = Objects.requireNonNull(action, "onUnsigned");
            return this;
        }

        /**
         * Sets the action at the end of data for a message without a tag. Default: {@link
         * BounceAction#REJECT} for {@link MessageKind#DSN} and {@link MessageKind#BACKSCATTER}, else {@link
         * BounceAction#ACCEPT}.
         *
         * @param kind the kind of message
         * @param action not {@link BounceAction#CHECK_CONTENT}
         * @throws IllegalArgumentException if it is {@link BounceAction#CHECK_CONTENT}
         */
        public Builder onContent(MessageKind kind, BounceAction action) {
            onContent.put(kind, decided(action));
            return this;
        }

        /**
         * Sets the action for a bounce without a tag whose returned message evidently never was at our hosts ({@link
         * ReturnedMessage#isNeverOurs}). It replaces the action for its kind. Default: none.
         *
         * @param action not {@link BounceAction#CHECK_CONTENT}
         * @param hosts true for the names of our hosts and the domains of our Message-IDs, in lower case; thread-safe
         * @throws IllegalArgumentException if the action is {@link BounceAction#CHECK_CONTENT}
         */
        public Builder onNeverOurs(BounceAction action, Predicate<String> hosts) {
            this.onNeverOurs = decided(action);
            this.ownHosts = Objects.requireNonNull(hosts, "hosts");
            return this;
        }

        /**
         * Sets the action for ordinary mail to a tagged address, whether the tag is valid or not
         * (draft-levine-smtp-batv-01 section 2.4.2 allows its rejection). Default: {@link BounceAction#ACCEPT}, delivered
         * without the tag.
         *
         * @param action not {@link BounceAction#CHECK_CONTENT}
         * @throws IllegalArgumentException if it is {@link BounceAction#CHECK_CONTENT}
         */
        public Builder onTaggedNonBounce(BounceAction action) {
            this.onTaggedNonBounce = decided(action);
            return this;
        }

        /**
         * Sets the action for a bounce while its keys are unavailable. Default: {@link BounceAction#DEFER}.
         *
         * @param action not {@link BounceAction#CHECK_CONTENT}
         * @throws IllegalArgumentException if it is {@link BounceAction#CHECK_CONTENT}
         */
        public Builder onKeysUnavailable(BounceAction action) {
            this.onKeysUnavailable = decided(action);
            return this;
        }

        /**
         * Sets whether a bounce may have one recipient only, because it goes to one sender (RFC 5321 section 4.5.5). If
         * so, the second RCPT gets {@code 452 4.5.3}, and the client sends it separately. Default: false; each recipient
         * is filtered.
         *
         * @param only whether a bounce may have one recipient only
         */
        public Builder oneRecipient(boolean only) {
            this.oneRecipient = only;
            return this;
        }

        /**
         * Sets the formats of other products whose tags are accepted without verification, while a domain migrates from
         * them. Default: no format.
         *
         * @param forms the formats
         */
        public Builder migrateFrom(Set<TagFormat> forms) {
            this.migration = Set.copyOf(Objects.requireNonNull(forms, "forms"));
            return this;
        }

        /**
         * Sets the clients whose bounces need no tag, such as the hosts of lists to which mail is sent without one. Default:
         * no client.
         *
         * @param peers true for an exempt client; thread-safe
         */
        public Builder exemptPeers(Predicate<InetAddress> peers) {
            this.exemptPeers = Objects.requireNonNull(peers, "exemptPeers");
            return this;
        }

        /**
         * Sets the dates from which the bounces of each recipient are filtered. Default: all, at once.
         *
         * @param plan the schedule
         */
        public Builder rollOut(RolloutSchedule plan) {
            this.rollOut = Objects.requireNonNull(plan, "rollOut");
            return this;
        }

        /**
         * Sets the number of rejected bounces after which all bounces of a client are deferred with {@code 450 4.7.1},
         * genuine ones as well. Exempt peers and recipients that are not filtered have no limit. Default: no limit. The
         * hosts of a large provider send many forged bounces along with genuine ones.
         *
         * @param limit the limit, at least 1
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder failureLimit(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("failureLimit must be at least 1, was " + limit);
            }
            this.failureLimit = limit;
            return this;
        }

        /**
         * Sets the text of the {@code 550 5.7.1} reply. By default the filter names its scheme.
         *
         * @param text printable ASCII
         * @throws IllegalArgumentException if it is empty or contains another character
         */
        public Builder refusal(String text) {
            if (!Objects.requireNonNull(text, "refusal").matches("[ -~]+")) {
                throw new IllegalArgumentException(
                        "refusal must be printable ASCII (RFC 5321 section 4.2), was \"" + SafeText.ascii(text) + "\"");
            }
            this.refusal = text;
            return this;
        }

        private static BounceAction decided(BounceAction action) {
            if (action == BounceAction.CHECK_CONTENT) {
                throw new IllegalArgumentException("action must not be CHECK_CONTENT; only onUnsigned allows it");
            }
            return Objects.requireNonNull(action, "action");
        }

        /**
         * Builds the rules.
         *
         * @return the rules
         */
        public BounceRules build() {
            return new BounceRules(this);
        }
    }
}
