package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.senderauth.core.MailAddress;
import org.senderauth.dkim2.Dkim2BodyHasher;
import org.senderauth.dkim2.Dkim2Signer;

/**
 * Signs outbound messages with DKIM2, after the envelope sender was signed. Experimental. Immutable and thread-safe.
 *
 * <p>A signature contains all recipients of the message. With several recipients it would show those of Bcc to the others,
 * so a message with a recipient that is not in To or Cc is not signed, unless {@link HiddenRecipients#LIST} is chosen.
 */
public final class MessageSigner {

    /** The treatment of a message to several recipients of which some are not in To or Cc. */
    public enum HiddenRecipients {
        /** It is not signed. */
        UNSIGNED,
        /** It is signed, and all its recipients can see each other. */
        LIST
    }

    /** Signs nothing. */
    public static final MessageSigner NONE = new MessageSigner(List.of(), HiddenRecipients.UNSIGNED);

    private final List<Dkim2Signer> signers;
    private final HiddenRecipients hidden;

    private MessageSigner(List<Dkim2Signer> signers, HiddenRecipients hidden) {
        this.signers = signers;
        this.hidden = hidden;
    }

    /**
     * Signs with the signer of the sender's domain, or of the closest domain above it.
     *
     * @param signers a signer for each domain
     * @param hidden what is done with Bcc recipients
     * @return the signer
     */
    public static MessageSigner of(Collection<Dkim2Signer> signers, HiddenRecipients hidden) {
        return new MessageSigner(
                signers.stream()
                        .sorted(Comparator.comparing(
                                        (Dkim2Signer signer) -> signer.domain().length())
                                .reversed())
                        .toList(),
                hidden);
    }

    /** Tests whether mail of a sender is signed. */
    boolean signs(String sender) {
        return signer(sender).isPresent();
    }

    private Optional<Dkim2Signer> signer(String sender) {
        String domain = MailAddress.split(sender)
                .map(MailAddress::domain)
                .map(MessageSigner::lower)
                .orElse("");
        return signers.stream()
                .filter(signer -> domain.equals(signer.domain()) || domain.endsWith("." + signer.domain()))
                .findFirst();
    }

    /**
     * Signs a message.
     *
     * @param beginning the beginning of the message with its header
     * @param body the hash of its body
     * @param sender the envelope sender as it leaves
     * @param recipients the recipients that it leaves for
     * @return the fields, topmost first; empty if it is not signed
     */
    List<Field> sign(byte[] beginning, Dkim2BodyHasher body, String sender, List<String> recipients) {
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
        Optional<Dkim2Signer> signer = signer(sender);
        if (signer.isEmpty() || end < 0) {
            return List.of();
        }
        String header = text.substring(0, end == 0 ? 0 : end + 2);
        if (hidden == HiddenRecipients.UNSIGNED
                && recipients.size() > 1
                && !VisibleRecipients.include(recipients, header)) {
            return List.of();
        }
        return signer.get()
                .trySign(header.getBytes(StandardCharsets.ISO_8859_1), body, sender, recipients)
                .header()
                .map(MessageSigner::fields)
                .orElse(List.of());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static List<Field> fields(String header) {
        return Stream.of(header.split("\r\n(?![ \t])")).map(Field::of).toList();
    }

    /** A header field to be added. */
    record Field(String name, String value) {

        // Milters fold with LF alone.
        private static Field of(String field) {
            int colon = field.indexOf(':');
            return new Field(
                    field.substring(0, colon),
                    field.substring(colon + 1).strip().replace("\r\n", "\n"));
        }
    }
}
