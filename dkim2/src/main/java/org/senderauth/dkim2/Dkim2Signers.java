package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The signers of all domains of a host: a message is signed by that of its envelope sender's domain, or of the closest
 * domain above it. Experimental. Immutable and thread-safe.
 *
 * <p>A signature contains all recipients of the message. With several recipients it would show those of Bcc to the others,
 * so a message with a recipient that is not in To or Cc is not signed, unless {@link HiddenRecipients#LIST} is chosen. Mail
 * with a null sender is never signed.
 */
public final class Dkim2Signers {

    /** The treatment of a message to several recipients of which some are not in To or Cc. */
    public enum HiddenRecipients {
        /** It is not signed. */
        UNSIGNED,
        /** It is signed, and all its recipients can see each other. */
        LIST
    }

    /** Signs nothing. */
    public static final Dkim2Signers NONE = new Dkim2Signers(List.of(), HiddenRecipients.UNSIGNED);

    private final List<Dkim2Signer> signers;
    private final HiddenRecipients hidden;

    private Dkim2Signers(List<Dkim2Signer> signers, HiddenRecipients hidden) {
        this.signers = signers;
        this.hidden = hidden;
    }

    /**
     * Creates the signers of a host.
     *
     * @param signers a signer for each domain
     * @param hidden what is done with Bcc recipients
     * @return the signers
     * @throws IllegalArgumentException if two signers are of one domain
     */
    public static Dkim2Signers of(Collection<Dkim2Signer> signers, HiddenRecipients hidden) {
        List<Dkim2Signer> closestFirst = signers.stream()
                .sorted(Comparator.comparing(
                                (Dkim2Signer signer) -> signer.domain().length())
                        .reversed())
                .toList();
        if (closestFirst.stream().map(Dkim2Signer::domain).distinct().count() < closestFirst.size()) {
            throw new IllegalArgumentException("signers must be of different domains; give one signer several keys");
        }
        return new Dkim2Signers(closestFirst, Objects.requireNonNull(hidden, "hidden"));
    }

    /**
     * Tests whether there is a signer for an envelope sender.
     *
     * @param mailFrom the argument of MAIL FROM, with or without its angle brackets
     * @return true if its domain, or one above it, has a signer
     */
    public boolean cover(String mailFrom) {
        return signer(mailFrom).isPresent();
    }

    private Optional<Dkim2Signer> signer(String mailFrom) {
        String domain = SignedPath.ofEnvelope(mailFrom).map(SignedPath::domain).orElse("");
        return signers.stream()
                .filter(signer -> SignedPath.isAtOrBelow(domain, signer.domain()))
                .findFirst();
    }

    /**
     * Signs a message whose body was hashed as it arrived, so that only its header is kept.
     *
     * @param header the header section as it will be sent, with or without the empty line at its end
     * @param body the hash of the body; it cannot be used again
     * @param mailFrom the argument of MAIL FROM, with or without its angle brackets
     * @param rcptTo the arguments of RCPT TO of this copy, at least one
     * @return the fields, or why there are none; never an exception for what a message contains
     */
    public Dkim2SigningResult trySign(byte[] header, Dkim2BodyHasher body, String mailFrom, List<String> rcptTo) {
        Optional<Dkim2Signer> signer = signer(mailFrom);
        if (signer.isEmpty()) {
            return Dkim2SigningResult.unsigned(
                    Dkim2SigningResult.Outcome.OTHER_DOMAIN, "there is no key for the domain of the sender");
        }
        if (hidden == HiddenRecipients.UNSIGNED
                && rcptTo.size() > 1
                && !VisibleRecipients.include(rcptTo, new String(header, StandardCharsets.UTF_8))) {
            return Dkim2SigningResult.unsigned(
                    Dkim2SigningResult.Outcome.HIDDEN_RECIPIENTS,
                    "the signature would show a recipient that is not in To or Cc to the others");
        }
        return signer.get().trySign(header, body, mailFrom, rcptTo);
    }
}
