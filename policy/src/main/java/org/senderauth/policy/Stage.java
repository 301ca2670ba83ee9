package org.senderauth.policy;

/**
 * The stages of an SMTP transaction, for servers that reply to each command. A step runs once all that it checks is
 * known; what is unknown never counts against the client.
 */
public enum Stage {
    /** The HELO name is known. The client cannot authenticate any more, or will not. */
    HELO,
    /** The sender is known. */
    MAIL,
    /** A recipient is known; whether it exists is unknown. */
    RCPT,
    /** The recipient exists, which justifies a callout to the sender's mail server. */
    RCPT_VALIDATED,
    /** The content is known: {@link SenderPolicy#decide(Transaction, ReceivedMessage)}. */
    END_OF_MESSAGE
}
