package org.senderauth.batv;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;
import org.senderauth.core.MailAddress;

/**
 * Decides whether a server may send a bounce to a sender, so that it does not become a source of backscatter. A server that
 * accepted a message and cannot deliver it should report the failure only to a sender that is proven; else it should
 * reject such mail during the SMTP session, or drop it (RFC 5321 section 6.2).
 *
 * <p>Never allows a bounce to the null sender, which could loop (RFC 5321 sections 4.5.5 and 6.1), nor one in reply to a
 * bounce, a receipt or an automatic reply (RFC 3834 section 2). Other mail of programs, such as an invoice with {@code
 * Auto-Submitted: auto-generated}, has a sender that needs to know that it was not delivered. Immutable and thread-safe.
 */
public final class BounceGuard {

    /** The reason of a decision. */
    public enum Reason {
        /** The sender is proven: the bounce may be sent. */
        PROVEN,
        /** The sender is null, or a mailer daemon: a bounce of a bounce. */
        BOUNCE,
        /** The message is a bounce, a receipt or an automatic reply by its content; a subject alone does not decide. */
        AUTOMATIC,
        /** There is no proof for the sender's domain. */
        UNPROVEN;

        /** {@return the name in lower case, for logs} */
        public String text() {
            return Ascii.text(this);
        }
    }

    private final Set<SenderProof.Method> accepted;

    private BounceGuard(Set<SenderProof.Method> accepted) {
        this.accepted = EnumSet.copyOf(accepted);
    }

    /** {@return a guard that accepts every method of proof} */
    public static BounceGuard create() {
        return new BounceGuard(EnumSet.allOf(SenderProof.Method.class));
    }

    /**
     * A guard that accepts some methods of proof only.
     *
     * @param methods the methods; at least one
     * @return the guard
     * @throws IllegalArgumentException if there are no methods
     */
    public static BounceGuard of(Set<SenderProof.Method> methods) {
        if (Objects.requireNonNull(methods, "methods").isEmpty()) {
            throw new IllegalArgumentException("methods must have at least one element, was empty");
        }
        return new BounceGuard(methods);
    }

    /**
     * Decides by sender and proofs.
     *
     * @param sender the envelope sender to which the bounce would go; null is the null reverse-path {@code <>}
     * @param proofs what was verified when the message came in
     * @return the reason; the bounce may be sent if it is {@link Reason#PROVEN}
     */
    public Reason decide(@Nullable MailAddress sender, Collection<SenderProof> proofs) {
        Objects.requireNonNull(proofs, "proofs");
        if (BounceRules.defaults().isBounceSender(sender)) {
            return Reason.BOUNCE;
        }
        String domain = Ascii.toLowerCase(Objects.requireNonNull(sender).domain());
        String other = DomainSpelling.other(domain).orElse(domain);
        boolean proven = proofs.stream()
                .anyMatch(proof -> accepted.contains(proof.method()) && (proof.covers(domain) || proof.covers(other)));
        return proven ? Reason.PROVEN : Reason.UNPROVEN;
    }

    /**
     * Decides by sender, proofs and content.
     *
     * @param sender the envelope sender to which the bounce would go; null is the null reverse-path {@code <>}
     * @param proofs what was verified when the message came in
     * @param content the content of the message that cannot be delivered
     * @return the reason; the bounce may be sent if it is {@link Reason#PROVEN}
     */
    public Reason decide(@Nullable MailAddress sender, Collection<SenderProof> proofs, MessageContent content) {
        Reason reason = decide(sender, proofs);
        return reason != Reason.BOUNCE && content.isAutomatic() ? Reason.AUTOMATIC : reason;
    }

    /**
     * Returns whether a bounce may be sent.
     *
     * @param sender the envelope sender to which the bounce would go; null is the null reverse-path {@code <>}
     * @param proofs what was verified when the message came in
     * @return true if the sender is proven and not null
     */
    public boolean mayBounce(@Nullable MailAddress sender, SenderProof... proofs) {
        return decide(sender, List.of(proofs)) == Reason.PROVEN;
    }
}
