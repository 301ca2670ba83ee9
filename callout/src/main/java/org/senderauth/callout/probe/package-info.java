/**
 * The asking half of a callout: finds a domain's mail servers and holds the SMTP dialogue with them.
 *
 * <p>{@link org.senderauth.callout.probe.Prober} is the seam to the deciding half, which says what may be asked and
 * remembers what was learnt.
 */
package org.senderauth.callout.probe;
