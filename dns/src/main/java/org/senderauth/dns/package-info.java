/**
 * The DNS as the defences see it: one question, one typed answer.
 *
 * <p>{@link org.senderauth.dns.DnsClient} is the seam. {@link org.senderauth.dns.ResolverDnsClient} asks real servers
 * through dnsjava, {@link org.senderauth.dns.ZoneDnsClient} answers from master files in memory, and {@link
 * org.senderauth.dns.CachingDnsClient} remembers what another client answered. {@link
 * org.senderauth.dns.DomainNames} turns text into names.
 */
package org.senderauth.dns;
