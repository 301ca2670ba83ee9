package org.senderauth.dkim2;

import java.util.List;
import java.util.Optional;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;

/** The result of verifying one message. Immutable. */
public final class Dkim2Result {

    private final Outcome outcome;
    private final List<Dkim2Hop> hops;
    private final int queries;

    Dkim2Result(Outcome outcome, List<Dkim2Hop> hops, int queries) {
        this.outcome = outcome;
        this.hops = List.copyOf(hops);
        this.queries = queries;
    }

    /** {@return the state of the message} */
    public Dkim2Verdict verdict() {
        return outcome.verdict();
    }

    /** {@return which rule decided} */
    public Dkim2Reason reason() {
        return outcome.reason();
    }

    /** {@return the reason as a sentence for humans, in printable ASCII} */
    public String detail() {
        return outcome.detail();
    }

    /** {@return the number of the signature at which verification ended, if it is about one} */
    public Optional<Integer> hop() {
        return outcome.hop();
    }

    /** {@return the signatures in the order of the hops, as they claim to be; empty if the fields could not be read} */
    public List<Dkim2Hop> hops() {
        return hops;
    }

    /** {@return the number of DNS queries} */
    public int queries() {
        return queries;
    }

    /** {@return whether every signature and hash verifies} */
    public boolean isPass() {
        return outcome.isPass();
    }

    /**
     * Suggests a reply for a message that does not verify. Whether it is used is policy: only {@link Dkim2Verdict#FAIL},
     * {@link Dkim2Verdict#PERMERROR} (550 5.7.1) and {@link Dkim2Verdict#TEMPERROR} (451 4.7.5) have one (-06 section
     * 10.4). None is suggested for a message beyond a limit of this implementation or with an algorithm that it does
     * not know, since nothing is known about it.
     *
     * @return the reply
     */
    public Optional<SmtpReply> smtpReply() {
        if (reason().isUnknown()) {
            return Optional.empty();
        }
        return switch (verdict()) {
            case FAIL, PERMERROR -> Optional.of(SmtpReply.of(550, "5.7.1", "DKIM2 check failed: " + detail()));
            case TEMPERROR ->
                Optional.of(SmtpReply.of(451, "4.7.5", "DKIM2 check failed: " + detail() + ", try again later"));
            default -> Optional.empty();
        };
    }

    /**
     * Returns the result for an Authentication-Results field, by draft-gondwana-dkim2-authres-00. {@link
     * Dkim2Verdict#NOT_DETERMINED} is {@code neutral}.
     *
     * @return the result
     */
    public AuthResult authResult() {
        String result =
                verdict() == Dkim2Verdict.NOT_DETERMINED ? "neutral" : verdict().text();
        AuthResult.Builder builder = AuthResult.builder("dkim2", result).reason(isPass() ? "" : detail());
        if (!hops.isEmpty()) {
            builder.address("header.d", hops.get(0).domain());
        }
        hop().ifPresent(number -> builder.property("header.i", number.toString()));
        return builder.build();
    }

    @Override
    public String toString() {
        return verdict().text() + ": " + detail();
    }
}
