package org.senderauth.batv;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the bounce filter does in which case. The defaults refuse forged and expired tags in answer to RCPT, put bounces
 * without tag off until their content is there, and let ordinary mail pass. Immutable and thread-safe.
 */
public final class BounceRules {

    final boolean mailerDaemon;
    final BounceAction onInvalid;
    final BounceAction onUnsigned;
    private final Map<MessageKind, BounceAction> onContent;
    final BounceAction onOrdinaryToTag;
    final BounceAction onKeysUnavailable;
    final boolean oneRecipient;
    final Set<BatvForm> migration;
    final Predicate<InetAddress> exemptPeers;
    final RollOut rollOut;
    final int failureLimit;
    final String refusal;

    private BounceRules(Builder builder) {
        this.mailerDaemon = builder.mailerDaemon;
        this.onInvalid = builder.onInvalid;
        this.onUnsigned = builder.onUnsigned;
        this.onContent = new EnumMap<>(builder.onContent);
        this.onOrdinaryToTag = builder.onOrdinaryToTag;
        this.onKeysUnavailable = builder.onKeysUnavailable;
        this.oneRecipient = builder.oneRecipient;
        this.migration = builder.migration;
        this.exemptPeers = builder.exemptPeers;
        this.rollOut = builder.rollOut;
        this.failureLimit = builder.failureLimit;
        this.refusal = builder.refusal;
    }

    BounceAction onContent(MessageKind kind) {
        return Objects.requireNonNull(onContent.get(kind));
    }

    /**
     * The recommended rules.
     *
     * @return the rules
     */
    public static BounceRules defaults() {
        return builder().build();
    }

    /**
     * Starts from the recommended rules.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Changes the recommended rules. Not thread-safe. */
    public static final class Builder {

        private boolean mailerDaemon = true;
        private BounceAction onInvalid = BounceAction.REFUSE;
        private BounceAction onUnsigned = BounceAction.LOOK_AT_CONTENT;
        private final Map<MessageKind, BounceAction> onContent = new EnumMap<>(Map.of(
                MessageKind.DSN, BounceAction.REFUSE,
                MessageKind.MDN, BounceAction.ACCEPT,
                MessageKind.AUTO_REPLY, BounceAction.ACCEPT,
                MessageKind.BACKSCATTER, BounceAction.REFUSE,
                MessageKind.OTHER, BounceAction.ACCEPT));
        private BounceAction onOrdinaryToTag = BounceAction.ACCEPT;
        private BounceAction onKeysUnavailable = BounceAction.TRY_LATER;
        private boolean oneRecipient;
        private Set<BatvForm> migration = Set.of();
        private Predicate<InetAddress> exemptPeers = client -> false;
        private RollOut rollOut = RollOut.everyone();
        private int failureLimit = Integer.MAX_VALUE;
        private String refusal = "This address sent no mail that this bounce could answer";

        private Builder() {}

        /**
         * Whether mail from {@code mailer-daemon@} any domain is a bounce, as mail with a null sender is
         * (draft-levine-smtp-batv-01 section 2.4.2). Default: yes.
         *
         * @param bounces true if it is
         * @return this
         */
        public Builder mailerDaemon(boolean bounces) {
            this.mailerDaemon = bounces;
            return this;
        }

        /**
         * What to do with a bounce whose tag is forged, expired or that of another product. Default: {@link
         * BounceAction#REFUSE}.
         *
         * @param action not {@link BounceAction#LOOK_AT_CONTENT}
         * @return this
         * @throws IllegalArgumentException if it is {@link BounceAction#LOOK_AT_CONTENT}
         */
        public Builder onInvalid(BounceAction action) {
            this.onInvalid = decided(action);
            return this;
        }

        /**
         * What to do with a bounce without tag to an address whose mail is tagged. Default: {@link
         * BounceAction#LOOK_AT_CONTENT}, by which callouts to untagged addresses succeed, since they end before the data,
         * and notices that never carry a tag get through; with several recipients the message is taken for a {@link
         * MessageKind#DSN} at once.
         *
         * @param action what to do at RCPT
         * @return this
         */
        public Builder onUnsigned(BounceAction action) {
            this.onUnsigned = Objects.requireNonNull(action, "onUnsigned");
            return this;
        }

        /**
         * What to do with a message without tag that was put off, once its content is known. Default: {@link
         * BounceAction#REFUSE} for {@link MessageKind#DSN} and {@link MessageKind#BACKSCATTER}, else {@link
         * BounceAction#ACCEPT}.
         *
         * @param kind the kind of message
         * @param action not {@link BounceAction#LOOK_AT_CONTENT}
         * @return this
         * @throws IllegalArgumentException if it is {@link BounceAction#LOOK_AT_CONTENT}
         */
        public Builder onContent(MessageKind kind, BounceAction action) {
            onContent.put(kind, decided(action));
            return this;
        }

        /**
         * What to do with ordinary mail to a tagged address, good or not (draft-levine-smtp-batv-01 section 2.4.2 allows to
         * refuse it). Default: {@link BounceAction#ACCEPT}, without the tag.
         *
         * @param action not {@link BounceAction#LOOK_AT_CONTENT}
         * @return this
         * @throws IllegalArgumentException if it is {@link BounceAction#LOOK_AT_CONTENT}
         */
        public Builder onOrdinaryToTag(BounceAction action) {
            this.onOrdinaryToTag = decided(action);
            return this;
        }

        /**
         * What to do with a bounce while its keys cannot be had. Default: {@link BounceAction#TRY_LATER}.
         *
         * @param action not {@link BounceAction#LOOK_AT_CONTENT}
         * @return this
         * @throws IllegalArgumentException if it is {@link BounceAction#LOOK_AT_CONTENT}
         */
        public Builder onKeysUnavailable(BounceAction action) {
            this.onKeysUnavailable = decided(action);
            return this;
        }

        /**
         * Whether a bounce may have one recipient only, since it answers one sender (RFC 5321 section 4.5.5). If so, the
         * second RCPT gets {@code 452 4.5.3}, upon which the client sends it on its own. Default: no; each is judged.
         *
         * @param only true if so
         * @return this
         */
        public Builder oneRecipient(boolean only) {
            this.oneRecipient = only;
            return this;
        }

        /**
         * Accepts bounces to tags of products that the domain is moving away from, without any check. Default: none.
         *
         * @param forms forms of other products
         * @return this
         */
        public Builder migrateFrom(Set<BatvForm> forms) {
            this.migration = Set.copyOf(forms);
            return this;
        }

        /**
         * Clients whose bounces need no tag, such as the hosts of lists to which mail goes without one. Default: none.
         *
         * @param peers true for an exempt client; thread-safe
         * @return this
         */
        public Builder exemptPeers(Predicate<InetAddress> peers) {
            this.exemptPeers = Objects.requireNonNull(peers, "exemptPeers");
            return this;
        }

        /**
         * Whose bounces are judged from when on. Default: everyone's, at once.
         *
         * @param plan the plan
         * @return this
         */
        public Builder rollOut(RollOut plan) {
            this.rollOut = Objects.requireNonNull(plan, "rollOut");
            return this;
        }

        /**
         * How many refused bounces a client may send before all its bounces are put off with {@code 450 4.7.1}, good ones
         * too, but for exempt peers and for recipients that are not judged. Default: no limit. A large provider's hosts
         * send many forged bounces beside good ones.
         *
         * @param limit the most that are borne, at least 1
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder failureLimit(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("a failure limit is at least 1, not " + limit);
            }
            this.failureLimit = limit;
            return this;
        }

        /**
         * The text of the {@code 550 5.7.1} reply.
         *
         * @param text printable ASCII
         * @return this
         * @throws IllegalArgumentException if it is empty or holds another character
         */
        public Builder refusal(String text) {
            if (!text.matches("[ -~]+")) {
                throw new IllegalArgumentException("the text of a reply is printable ASCII (RFC 5321 section 4.2)");
            }
            this.refusal = text;
            return this;
        }

        private static BounceAction decided(BounceAction action) {
            if (action == BounceAction.LOOK_AT_CONTENT) {
                throw new IllegalArgumentException(
                        "only a bounce without tag can be put off until its content is there");
            }
            return Objects.requireNonNull(action, "action");
        }

        /**
         * Makes the rules.
         *
         * @return the rules
         */
        public BounceRules build() {
            return new BounceRules(this);
        }
    }
}
