/**
 * The policy: combines all checks into one decision per transaction.
 *
 * <p>A {@link org.senderauth.policy.Transaction} is what an SMTP server knows before DATA. {@link
 * org.senderauth.policy.SenderPolicy} runs the {@linkplain org.senderauth.policy.Step steps} on it; each has a {@link
 * org.senderauth.policy.StepResult}, and the first rejection by an enforcing step, or the end of the steps, leads to the
 * {@link org.senderauth.policy.Decision}.
 */
@NullMarked
package org.senderauth.policy;

import org.jspecify.annotations.NullMarked;
