package org.senderauth.milter;

import java.util.List;

/**
 * A packet from the MTA. Texts are the octets of the wire, one in each char, U+0000 to U+00FF: the protocol has no
 * charset. Immutable.
 */
public sealed interface MilterCommand {

    /**
     * The offer that opens a connection.
     *
     * @param version the highest version that the MTA supports; unsigned
     * @param actions a bit for each change that it allows, see {@link MilterAction}
     * @param options a bit for each option of the protocol, see {@link MilterOption}
     */
    record Negotiate(int version, int actions, int options) implements MilterCommand {}

    /**
     * Macros for the command that follows. Never answered.
     *
     * @param stage the code of that command
     * @param macros the macros in order
     */
    record Macros(char stage, List<Macro> macros) implements MilterCommand {

        /**
         * Copies the list.
         *
         * @param stage the code of the command
         * @param macros the macros in order
         */
        public Macros {
            macros = List.copyOf(macros);
        }
    }

    /**
     * One macro.
     *
     * @param name its name as sent, with braces if it has any
     * @param value its value
     */
    record Macro(String name, String value) {}

    /**
     * The client connected.
     *
     * @param host its name, or its address in brackets
     * @param family {@code 4}, {@code 6}, {@code L} (UNIX socket) or {@code U} (unknown)
     * @param port its port; 0 for mail that did not come by SMTP, and for {@code U}
     * @param address its address; empty for {@code U}
     */
    record Connect(String host, char family, int port, String address) implements MilterCommand {}

    /**
     * HELO or EHLO.
     *
     * @param name the argument
     */
    record Helo(String name) implements MilterCommand {}

    /**
     * MAIL FROM.
     *
     * @param path the path as the client wrote it, see {@link MilterPath}
     * @param arguments the ESMTP arguments
     */
    record Mail(String path, List<String> arguments) implements MilterCommand {

        /**
         * Copies the list.
         *
         * @param path the path
         * @param arguments the ESMTP arguments
         */
        public Mail {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * RCPT TO.
     *
     * @param path the path as the client wrote it, see {@link MilterPath}
     * @param arguments the ESMTP arguments
     */
    record Rcpt(String path, List<String> arguments) implements MilterCommand {

        /**
         * Copies the list.
         *
         * @param path the path
         * @param arguments the ESMTP arguments
         */
        public Rcpt {
            arguments = List.copyOf(arguments);
        }
    }

    /** DATA (version 4 and later). */
    record Data() implements MilterCommand {}

    /**
     * One header field.
     *
     * @param name its name
     * @param value its value; lines are separated by LF
     */
    record Header(String name, String value) implements MilterCommand {}

    /** The header has ended. */
    record EndOfHeaders() implements MilterCommand {}

    /**
     * A part of the body, cut anywhere.
     *
     * @param octets the part
     */
    record Body(String octets) implements MilterCommand {}

    /**
     * The message has ended.
     *
     * @param octets a last part of the body; most often empty
     */
    record EndOfMessage(String octets) implements MilterCommand {}

    /**
     * A command that the MTA does not support (version 3 and later).
     *
     * @param line the command
     */
    record Unknown(String line) implements MilterCommand {}

    /** The transaction was abandoned; comes at any time, also after a message has ended. Never answered. */
    record Abort() implements MilterCommand {}

    /** The connection ends. Never answered. */
    record Quit() implements MilterCommand {}

    /** Another client's connection follows in this one. Never answered. */
    record QuitNewConnection() implements MilterCommand {}

    /**
     * A packet that is not a command.
     *
     * @param problem what is wrong with it; no octet of it
     */
    record Malformed(String problem) implements MilterCommand {}
}
