package org.senderauth.batv;

import java.util.Optional;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/**
 * The decision on one recipient, and why.
 *
 * @param recipient the recipient as received
 * @param deliverTo where to deliver: the recipient without its tag, or as received if it has none
 * @param result what the check of the tag found
 * @param action what to do
 * @param intended what would be done if the recipient's tags were enforced already; the same as the action where they
 *     are
 * @param reason why
 * @param reply the reply to the client, if the action is {@link BounceAction#REFUSE} or {@link BounceAction#TRY_LATER}
 * @param clientFailures how many bounces of this client were to be refused of late, with this one; 0 if nobody counts
 */
public record RecipientDecision(
        MailAddress recipient,
        MailAddress deliverTo,
        BatvResult result,
        BounceAction action,
        BounceAction intended,
        BounceReason reason,
        Optional<SmtpReply> reply,
        int clientFailures) {

    /**
     * The header field that tells later filters and the reader. Delete any that comes in from outside, whatever it says.
     */
    public static final String STATUS_HEADER = "X-Batv-Status";

    /**
     * The header field that batv-tools writes as well: {@code valid}, or {@code invalid} and the verdict.
     *
     * @return the field without line end
     */
    public String statusHeader() {
        return STATUS_HEADER + ": "
                + (result.isValid() ? "valid" : "invalid, " + result.verdict().text());
    }

    /**
     * Whether this is logged only, since the recipient's tags are not enforced yet.
     *
     * @return true if the action is milder than it will be
     */
    public boolean isReportOnly() {
        return action != intended;
    }
}
