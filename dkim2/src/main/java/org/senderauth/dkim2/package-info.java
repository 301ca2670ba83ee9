/**
 * DKIM2 (draft-ietf-dkim-dkim2-spec), experimental: the drafts still change, and so may every type here in any version.
 *
 * <p>{@link org.senderauth.dkim2.Dkim2Signer} signs mail that this host originates, {@link
 * org.senderauth.dkim2.Dkim2Bounces} recognizes the bounces of that mail by the signature in the returned message, and
 * {@link org.senderauth.dkim2.Dkim2Verifier} verifies received mail. {@link org.senderauth.dkim2.Draft} contains
 * everything in which the drafts differ.
 */
@NullMarked
package org.senderauth.dkim2;

import org.jspecify.annotations.NullMarked;
