/**
 * DNS queries with typed answers.
 *
 * <p>{@link org.senderauth.dns.DnsClient} is the interface. {@link org.senderauth.dns.ResolverDnsClient} queries servers
 * through dnsjava, {@link org.senderauth.dns.ZoneDnsClient} answers from zone files in memory, and {@link
 * org.senderauth.dns.CachingDnsClient} caches the answers of another client. {@link org.senderauth.dns.DomainNames}
 * converts text to names.
 */
@NullMarked
package org.senderauth.dns;

import org.jspecify.annotations.NullMarked;
