package org.senderauth.james;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetConfig;
import org.jspecify.annotations.Nullable;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsResult;
import org.senderauth.srs.SrsVerdict;

/**
 * A mailet that sends mail for our SRS addresses on to their original senders: bounces of forwarded mail. It belongs at the top
 * of the {@code root} processor, after {@link StripRecipients}, since bounces that James generates do not come by SMTP. The
 * matcher of the relaying processor must let through what James itself sends ({@code SentByMailet}), as James's own
 * configuration does for mail that it forwards.
 *
 * <p>It verifies each address again, so that no text in a recipient lets other clients relay: expired and forged addresses
 * remain recipients, which James has no mailbox for. Thread-safe.
 */
public final class SrsReverseRecipients extends ConfiguredMailet {

    private final Srs srs;

    /**
     * Creates a mailet.
     *
     * @param srs the forwarder with the keys
     */
    public SrsReverseRecipients(Srs srs) {
        this.srs = Objects.requireNonNull(srs, "srs");
    }

    /**
     * Sends the mail on to the original senders among its recipients, and leaves the others to James. Waits for the alias
     * store, if there is one.
     *
     * @param mail the mail
     * @throws IllegalStateException if the alias store does not respond, or James does not take the mail; James then handles
     *     the whole mail as {@code onMailetException} says
     */
    @Override
    public void service(Mail mail) {
        Set<MailAddress> others = new LinkedHashSet<>();
        Set<MailAddress> originals = new LinkedHashSet<>();
        mail.getRecipients()
                .forEach(recipient -> original(recipient).ifPresentOrElse(originals::add, () -> others.add(recipient)));
        if (originals.isEmpty()) {
            return;
        }
        send(mail, originals);
        mail.setRecipients(others);
        if (others.isEmpty()) {
            mail.setState(Mail.GHOST);
        }
    }

    private Optional<MailAddress> original(MailAddress recipient) {
        SrsResult result = srs.reverse(recipient.asString());
        if (result.verdict() == SrsVerdict.UNAVAILABLE) {
            throw new IllegalStateException("recipient " + recipient.asString() + " cannot be reversed: "
                    + result.reason().text());
        }
        return result.original()
                .flatMap(original ->
                        MaybeSender.getMailSender(original.toString()).asOptional());
    }

    // A mail of its own, which James marks as sent by itself, as it does with mail that it forwards.
    private void send(Mail mail, Set<MailAddress> recipients) {
        MailetConfig config = getMailetConfig();
        if (config == null) {
            throw new IllegalStateException("the mailet is not initialized: call init(...)");
        }
        @Nullable Mail copy = null;
        try {
            copy = mail.duplicate();
            copy.setRecipients(recipients);
            config.getMailetContext().sendMail(copy);
        } catch (Exception failure) {
            // MessagingException, which is in another package in each James: see the package.
            throw new IllegalStateException("bounce cannot be sent on", failure);
        } finally {
            LifecycleUtil.dispose(copy);
        }
    }
}
