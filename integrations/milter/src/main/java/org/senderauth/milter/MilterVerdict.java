package org.senderauth.milter;

import java.util.List;
import org.senderauth.core.SmtpReply;
import org.senderauth.milter.MilterAnswer.Simple;

/** The reply of a handler to a command. Immutable. */
public final class MilterVerdict {

    /** No objection. */
    public static final MilterVerdict CONTINUE = new MilterVerdict(Simple.CONTINUE);

    /**
     * Accepts without looking at the rest: the connection before MAIL, the message from MAIL on, for all its
     * recipients. It never means that a recipient is good.
     */
    public static final MilterVerdict ACCEPT = new MilterVerdict(Simple.ACCEPT);

    /** Accepts the message, for all its recipients, and drops it. */
    public static final MilterVerdict DISCARD = new MilterVerdict(Simple.DISCARD);

    /** Rejects with the MTA's own reply text. */
    public static final MilterVerdict REJECT = new MilterVerdict(Simple.REJECT);

    /** Defers with the MTA's own reply text. */
    public static final MilterVerdict TEMPFAIL = new MilterVerdict(Simple.TEMPFAIL);

    private final MilterAnswer answer;

    private MilterVerdict(MilterAnswer answer) {
        this.answer = answer;
    }

    /**
     * Rejects or defers with a reply of our own; 421 ends the SMTP session.
     *
     * @param lines the lines of the reply, all with one reply code
     * @return the verdict
     * @throws IllegalArgumentException if there are none, more than 32, or lines with several reply codes
     */
    public static MilterVerdict reply(SmtpReply... lines) {
        return new MilterVerdict(new MilterAnswer.Reply(List.of(lines)));
    }

    MilterAnswer answer() {
        return answer;
    }

    /** Tests whether the message continues to its recipients, so its changes apply. */
    boolean delivers() {
        return answer == Simple.CONTINUE || answer == Simple.ACCEPT;
    }

    @Override
    public String toString() {
        return answer.toString();
    }
}
