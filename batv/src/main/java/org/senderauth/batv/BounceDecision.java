package org.senderauth.batv;

import java.util.List;
import java.util.Optional;
import org.senderauth.core.SmtpReply;

/**
 * The decision on a whole transaction.
 *
 * @param action what to do with the message: the one action for all recipients
 * @param reply the reply to the client, if the action is {@link BounceAction#REFUSE} or {@link BounceAction#TRY_LATER}
 * @param recipients the decision on each recipient, in their order. Where the message is accepted and a recipient's own
 *     action is {@link BounceAction#REFUSE}, deliver it to the others only: a null sender has nobody to tell
 */
public record BounceDecision(BounceAction action, Optional<SmtpReply> reply, List<RecipientDecision> recipients) {}
