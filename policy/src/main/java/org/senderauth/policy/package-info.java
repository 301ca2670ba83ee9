/**
 * Combines the defences into one SMTP answer for one transaction.
 *
 * <p>A {@link org.senderauth.policy.Transaction} is what an SMTP server knows before DATA. {@link
 * org.senderauth.policy.SenderPolicy} walks it down the {@linkplain
 * org.senderauth.policy.Step steps}; each answers with a {@link org.senderauth.policy.Finding}, and the first enforcing
 * refusal or the last word becomes the {@link org.senderauth.policy.Decision}.
 */
package org.senderauth.policy;
