package org.senderauth.batv;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/** The decision on a whole transaction. Immutable. */
public final class BounceDecision {

    private final BounceAction action;
    private final Optional<SmtpReply> smtpReply;
    private final List<RecipientDecision> recipients;

    BounceDecision(BounceAction action, Optional<SmtpReply> smtpReply, List<RecipientDecision> recipients) {
        this.action = action;
        this.smtpReply = smtpReply;
        this.recipients = recipients;
    }

    /** {@return the action for the message: one for all recipients} */
    public BounceAction action() {
        return action;
    }

    /** {@return the reply to the client, if the action is {@link BounceAction#REJECT} or {@link BounceAction#DEFER}} */
    public Optional<SmtpReply> smtpReply() {
        return smtpReply;
    }

    /**
     * {@return the decision on each recipient, in their order. Where the message is accepted and a recipient's own
     * action is {@link BounceAction#REJECT}, deliver it to the others only: a null sender cannot be notified}
     */
    public List<RecipientDecision> recipients() {
        return recipients;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BounceDecision that
                && action.equals(that.action)
                && smtpReply.equals(that.smtpReply)
                && recipients.equals(that.recipients);
    }

    @Override
    public int hashCode() {
        return Objects.hash(action, smtpReply, recipients);
    }

    @Override
    public String toString() {
        return "BounceDecision[action=" + action + ", smtpReply=" + smtpReply + ", recipients=" + recipients + "]";
    }
}
