/**
 * The probes of callouts: the lookup of MX hosts and the SMTP sessions with them.
 *
 * <p>{@link org.senderauth.callout.probe.SmtpProber} sends them, by the {@link org.senderauth.callout.probe.ProbeSettings}
 * of the site.
 */
@NullMarked
package org.senderauth.callout.probe;

import org.jspecify.annotations.NullMarked;
