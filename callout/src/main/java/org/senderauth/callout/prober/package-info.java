/**
 * The interface between the verifier, which decides on probes and caches their results, and what sends them.
 *
 * <p>{@link org.senderauth.callout.probe.SmtpProber} implements it over SMTP. The test of a program can
 * have one without a network, as the simulation of the command does.
 */
@NullMarked
package org.senderauth.callout.prober;

import org.jspecify.annotations.NullMarked;
