/**
 * The probes of callouts: the lookup of MX hosts and the SMTP sessions with them.
 *
 * <p>{@link org.senderauth.callout.probe.Prober} is the interface to the verifier, which decides on probes and caches their
 * results.
 */
@NullMarked
package org.senderauth.callout.probe;

import org.jspecify.annotations.NullMarked;
