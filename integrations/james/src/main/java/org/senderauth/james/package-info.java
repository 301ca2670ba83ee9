/**
 * Hooks for the SMTP server of Apache James and for servers built on James Protocols, mailets for James, and a
 * {@link org.senderauth.dns.DnsClient} over jSPF's {@code DNSService}.
 *
 * <p>{@link org.senderauth.james.SenderPolicyHook} asks a {@link org.senderauth.policy.SenderPolicy} at HELO, MAIL and
 * RCPT and takes our own signatures off recipients; {@link org.senderauth.james.CalloutHook} asks it once more after the
 * recipient was validated; {@link org.senderauth.james.AcceptedMessageFilter} puts what was found on top of the message.
 *
 * <p>The code of James belongs to whoever runs the hooks: this module depends on none of it at run time. Its classes
 * touch neither {@code javax.mail} nor {@code jakarta.mail} nor an injection framework, so they run with James versions
 * on either side of that change.
 */
@NullMarked
package org.senderauth.james;

import org.jspecify.annotations.NullMarked;
