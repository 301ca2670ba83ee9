/**
 * Mail addresses and secret keys.
 *
 * <p>{@link org.senderauth.core.MailAddress} is the envelope address of RFC 5321 and RFC 6531; {@link
 * org.senderauth.core.SecretKeys} makes, loads and derives the keys of the signing defences; {@link
 * org.senderauth.core.Hmac} computes their MACs on any number of threads.
 */
package org.senderauth.core;
