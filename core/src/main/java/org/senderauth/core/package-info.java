/**
 * Email addresses, replies, header fields and secret keys.
 *
 * <p>{@link org.senderauth.core.MailAddress} is the envelope address of RFC 5321 and RFC 6531, {@link
 * org.senderauth.core.EnvelopePath} and {@link org.senderauth.core.MailDomain} parse addresses and names; {@link
 * org.senderauth.core.SecretKeys} generates, loads and derives the keys of the signing defenses; {@link
 * org.senderauth.core.Hmac} computes their MACs on any number of threads.
 */
@NullMarked
package org.senderauth.core;

import org.jspecify.annotations.NullMarked;
