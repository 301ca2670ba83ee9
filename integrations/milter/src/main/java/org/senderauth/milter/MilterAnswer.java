package org.senderauth.milter;

import java.util.List;
import org.senderauth.core.HeaderText;
import org.senderauth.core.SafeText;
import org.senderauth.core.SmtpReply;

/**
 * A packet to the MTA. Texts are octets as in {@link MilterCommand}. Immutable.
 *
 * <p>An answer that would break the mail or put the MTA out of step cannot be made: the constructors check names, values
 * and replies.
 */
public sealed interface MilterAnswer {

    /**
     * The answer to {@link MilterCommand.Negotiate}.
     *
     * @param version the version that is spoken
     * @param actions a bit for each change that may be made; a subset of those that were offered
     * @param options a bit for each option that is used; a subset of those that were offered
     * @param macros the macros that are to be sent, by stage
     */
    record Negotiated(int version, int actions, int options, List<MacroRequest> macros) implements MilterAnswer {

        /**
         * Copies the list.
         *
         * @param version the version
         * @param actions the changes
         * @param options the options
         * @param macros the macros
         */
        public Negotiated {
            macros = List.copyOf(macros);
        }
    }

    /**
     * The macros that are to be sent at one stage, instead of the MTA's default for it.
     *
     * @param stage 0 connect, 1 HELO, 2 MAIL, 3 RCPT, 4 DATA, 5 end of message, 6 end of headers
     * @param names the names, separated by spaces
     */
    record MacroRequest(int stage, String names) {}

    /** A verdict or a notice without an argument. */
    enum Simple implements MilterAnswer {
        /** No objection. */
        CONTINUE('c'),
        /** Accepts the rest without looking at it: at CONNECT and HELO the connection, from MAIL on the message. */
        ACCEPT('a'),
        /** Accepts the message and drops it. */
        DISCARD('d'),
        /** Rejects with the MTA's own reply text. */
        REJECT('r'),
        /** Defers with the MTA's own reply text. */
        TEMPFAIL('t'),
        /** The rest of the body need not be sent. Only as an answer to a body chunk, and only if it was offered. */
        SKIP('s'),
        /** The answer takes a while longer: restarts the MTA's timer. Sendmail allows it at the end of message only. */
        PROGRESS('p');

        private final char code;

        Simple(char code) {
            this.code = code;
        }

        char code() {
            return code;
        }
    }

    /**
     * Rejects or defers with a reply of our own; 421 ends the SMTP session.
     *
     * @param lines the lines of the reply, all with one reply code
     */
    record Reply(List<SmtpReply> lines) implements MilterAnswer {

        /** Most lines of a reply, as libmilter allows. */
        public static final int MAX_LINES = 32;

        /**
         * Checks the lines.
         *
         * @param lines the lines
         * @throws IllegalArgumentException if there are none, too many, or of several reply codes
         */
        public Reply {
            lines = List.copyOf(lines);
            if (lines.isEmpty()
                    || lines.size() > MAX_LINES
                    || lines.stream().mapToInt(SmtpReply::code).distinct().count() != 1) {
                throw new IllegalArgumentException("a reply has 1 to " + MAX_LINES + " lines of one reply code");
            }
        }

        /**
         * A reply of one line.
         *
         * @param reply the reply
         * @return the answer
         */
        public static Reply of(SmtpReply reply) {
            return new Reply(List.of(reply));
        }
    }

    /** A change of the message; only between the end of message and its verdict. */
    sealed interface Change extends MilterAnswer {}

    /**
     * Appends a header field.
     *
     * @param name its name
     * @param value its value; lines are separated by LF and a space or tab
     */
    record AddHeader(String name, String value) implements Change {

        /**
         * Checks the field.
         *
         * @param name the name
         * @param value the value
         * @throws IllegalArgumentException if it would break the header
         */
        public AddHeader {
            checkHeader(name, value);
        }
    }

    /**
     * Inserts a header field.
     *
     * @param index 0 for the top, above the MTA's own {@code Received}
     * @param name its name
     * @param value its value; lines are separated by LF and a space or tab
     */
    record InsertHeader(int index, String name, String value) implements Change {

        /**
         * Checks the field.
         *
         * @param index the position
         * @param name the name
         * @param value the value
         * @throws IllegalArgumentException if it would break the header, or the index is negative
         */
        public InsertHeader {
            checkHeader(name, value);
            if (index < 0) {
                throw new IllegalArgumentException("index must not be negative, was " + index);
            }
        }
    }

    /**
     * Changes or deletes a header field.
     *
     * @param index its place among those of its name, from 1
     * @param name its name, case-insensitive
     * @param value its new value; empty to delete it
     */
    record ChangeHeader(int index, String name, String value) implements Change {

        /**
         * Checks the field.
         *
         * @param index the place
         * @param name the name
         * @param value the value
         * @throws IllegalArgumentException if it would break the header, or the index is not positive
         */
        public ChangeHeader {
            checkHeader(name, value);
            if (index < 1) {
                throw new IllegalArgumentException("index must be positive, was " + index);
            }
        }
    }

    /**
     * A part of a new body; all parts must follow each other.
     *
     * @param octets the part, at most {@value #MAX_OCTETS} octets
     */
    record ReplaceBody(String octets) implements Change {

        /** Most octets of a part. */
        public static final int MAX_OCTETS = 65_535;

        /**
         * Checks the part.
         *
         * @param octets the part
         * @throws IllegalArgumentException if it is too long
         */
        public ReplaceBody {
            if (octets.length() > MAX_OCTETS) {
                throw new IllegalArgumentException("a part of a body has at most " + MAX_OCTETS + " octets");
            }
        }
    }

    /**
     * Adds a recipient.
     *
     * @param path the recipient
     */
    record AddRecipient(String path) implements Change {}

    /**
     * Adds a recipient with ESMTP arguments.
     *
     * @param path the recipient
     * @param arguments NOTIFY and ORCPT, separated by spaces: Sendmail fails on others
     */
    record AddRecipientWithArguments(String path, String arguments) implements Change {}

    /**
     * Deletes a recipient.
     *
     * @param path the recipient in the octets of its RCPT: Postfix compares them
     */
    record DeleteRecipient(String path) implements Change {}

    /**
     * Changes the envelope sender.
     *
     * @param path the new sender
     * @param arguments ESMTP arguments, separated by spaces; empty to keep those that the client sent
     */
    record ChangeSender(String path, String arguments) implements Change {}

    /**
     * Quarantines the message.
     *
     * @param reason why
     */
    record Quarantine(String reason) implements Change {}

    /**
     * A packet that is not an answer.
     *
     * @param problem what is wrong with it
     */
    record Malformed(String problem) implements MilterAnswer {}

    private static void checkHeader(String name, String value) {
        if (!HeaderText.isFieldName(name)) {
            throw new IllegalArgumentException(
                    "name must be printable ASCII without a colon or a space, was \"" + SafeText.ascii(name) + "\"");
        }
        if (!HeaderText.isFieldBody(value)) {
            throw new IllegalArgumentException("value must not contain NUL or CR, or LF except before a space or tab");
        }
    }
}
