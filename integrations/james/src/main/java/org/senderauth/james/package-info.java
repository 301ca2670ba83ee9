/**
 * Hooks for the SMTP server of Apache James and for servers built on James Protocols, mailets for James, and a
 * {@link org.senderauth.dns.DnsClient} over jSPF's {@code DNSService}.
 *
 * <p>{@link org.senderauth.james.SenderPolicyHook} applies a {@link org.senderauth.policy.SenderPolicy} at HELO, MAIL and
 * RCPT and strips our signatures from recipients; {@link org.senderauth.james.CalloutHook} runs the remaining steps after
 * recipient validation; {@link org.senderauth.james.AcceptedMessageFilter} prepends the results to the message.
 *
 * <p>The application provides the code of James: this module does not depend on it at run time. Its classes use
 * neither {@code javax.mail} nor {@code jakarta.mail} nor an injection framework, so they run with James versions
 * on either side of that change.
 */
@NullMarked
package org.senderauth.james;

import org.jspecify.annotations.NullMarked;
