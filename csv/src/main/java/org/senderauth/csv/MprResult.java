package org.senderauth.csv;

import java.util.List;
import java.util.Optional;
import org.senderauth.core.SmtpReply;

/**
 * The result of one look at a mail policy. Immutable.
 *
 * @param finding what was found
 * @param lookups the questions to the DNS, in order
 */
public record MprResult(MprFinding finding, List<DnsLookup> lookups) {

    /**
     * Makes a result; the list is copied.
     *
     * @param finding what was found
     * @param lookups the questions to the DNS, in order
     */
    public MprResult {
        lookups = List.copyOf(lookups);
    }

    /**
     * Why, for a person.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return finding.reason();
    }

    /**
     * Whether the domain's policy says that the message does not come from it. Nothing else speaks against a message.
     *
     * @return true for {@link MprFinding.WrongChannel}
     */
    public boolean isFailure() {
        return finding instanceof MprFinding.WrongChannel;
    }

    /**
     * Whether the same question may get another answer later.
     *
     * @return true for {@link MprFinding.Undecided}
     */
    public boolean isTemporary() {
        return finding instanceof MprFinding.Undecided;
    }

    /**
     * What a server may answer to the client, if it refuses the message.
     *
     * @return the draft's reply for a failure, nothing otherwise
     */
    public Optional<SmtpReply> reply() {
        return isFailure() ? Optional.of(SmtpReply.of(550, "5.7.1", reason())) : Optional.empty();
    }
}
