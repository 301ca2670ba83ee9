package org.senderauth.batv;

import java.util.Objects;
import java.util.Optional;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** The decision on one recipient. Immutable. */
public final class RecipientDecision {

    /**
     * The header field for later filters and the reader. Delete any on inbound mail, whatever its value.
     */
    public static final String STATUS_HEADER = "X-Batv-Status";

    private final MailAddress recipient;
    private final MailAddress deliverTo;
    private final BatvResult result;
    private final BounceAction action;
    private final BounceAction intended;
    private final BounceReason reason;
    private final Optional<SmtpReply> smtpReply;
    private final int clientFailures;

    private RecipientDecision(Builder builder) {
        this.recipient = builder.recipient;
        this.deliverTo = builder.deliverTo;
        this.result = builder.result;
        this.action = builder.action;
        this.intended = builder.intended;
        this.reason = builder.reason;
        this.smtpReply = builder.smtpReply;
        this.clientFailures = builder.clientFailures;
    }

    /** {@return the recipient as received} */
    public MailAddress recipient() {
        return recipient;
    }

    /** {@return the delivery address: the recipient without its tag, or as received if it has none} */
    public MailAddress deliverTo() {
        return deliverTo;
    }

    /** {@return the result of verifying the tag} */
    public BatvResult result() {
        return result;
    }

    /** {@return the action} */
    public BounceAction action() {
        return action;
    }

    /** {@return the action once the recipient's tags are enforced; equal to the action where they are} */
    public BounceAction intended() {
        return intended;
    }

    /** {@return the reason} */
    public BounceReason reason() {
        return reason;
    }

    /** {@return the reply to the client, if the action is {@link BounceAction#REJECT} or {@link BounceAction#DEFER}} */
    public Optional<SmtpReply> smtpReply() {
        return smtpReply;
    }

    /**
     * {@return the number of recent bounces of this client that were to be rejected, with this one; 0 without a counter}
     */
    public int clientFailures() {
        return clientFailures;
    }

    /**
     * Returns the header field, which batv-tools writes as well: {@code valid}, or {@code invalid} and the verdict.
     *
     * @return the field without a newline
     */
    public String statusHeader() {
        return STATUS_HEADER + ": "
                + (result.isValid() ? "valid" : "invalid, " + result.verdict().text());
    }

    /**
     * Returns whether the decision is only logged, because the recipient's tags are not enforced yet.
     *
     * @return true if the action differs from the intended one
     */
    public boolean isReportOnly() {
        return action != intended;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientDecision that
                && recipient.equals(that.recipient)
                && deliverTo.equals(that.deliverTo)
                && result.equals(that.result)
                && action == that.action
                && intended == that.intended
                && reason == that.reason
                && smtpReply.equals(that.smtpReply)
                && clientFailures == that.clientFailures;
    }

    @Override
    public int hashCode() {
        return Objects.hash(recipient, result, action, reason);
    }

    /** {@return the recipient, the action and the reason} */
    @Override
    public String toString() {
        return "RecipientDecision[" + recipient + ", action=" + action + ", intended=" + intended + ", reason=" + reason
                + ", result=" + result + "]";
    }

    /** Collects the parts of a decision. */
    static final class Builder {

        private final MailAddress recipient;
        private final BatvResult result;
        private MailAddress deliverTo;
        private BounceAction action = BounceAction.ACCEPT;
        private BounceAction intended = BounceAction.ACCEPT;
        private BounceReason reason = BounceReason.NOT_A_BOUNCE;
        private Optional<SmtpReply> smtpReply = Optional.empty();
        private int clientFailures;

        Builder(MailAddress recipient, BatvResult result) {
            this.recipient = recipient;
            this.result = result;
            this.deliverTo = recipient;
        }

        Builder deliverTo(MailAddress address) {
            this.deliverTo = address;
            return this;
        }

        Builder action(BounceAction action, Optional<SmtpReply> reply) {
            this.action = action;
            this.smtpReply = reply;
            return this;
        }

        Builder intended(BounceAction action, BounceReason why) {
            this.intended = action;
            this.reason = why;
            return this;
        }

        Builder clientFailures(int count) {
            this.clientFailures = count;
            return this;
        }

        RecipientDecision build() {
            return new RecipientDecision(this);
        }
    }
}
