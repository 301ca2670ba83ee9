package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One message as far as it has come. Used by one thread at a time. */
public final class MilterMessage {

    private final MilterClient client;
    private final MilterPath sender;
    private final MilterMacros macros;
    private final Set<MilterAction> allowed;
    private final int contentLimit;
    private final List<MilterPath> recipients = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();

    MilterMessage(
            MilterClient client, MilterPath sender, MilterMacros macros, Set<MilterAction> allowed, int contentLimit) {
        this.client = client;
        this.sender = sender;
        this.macros = macros;
        this.allowed = allowed;
        this.contentLimit = contentLimit;
    }

    /**
     * The client.
     *
     * @return the client with its last HELO name
     */
    public MilterClient client() {
        return client;
    }

    /**
     * The envelope sender.
     *
     * @return the sender
     */
    public MilterPath sender() {
        return sender;
    }

    /**
     * The recipients so far that neither the MTA nor the handler rejected.
     *
     * @return a copy, in the order of their commands
     */
    public List<MilterPath> recipients() {
        return List.copyOf(recipients);
    }

    /**
     * A macro of the MTA.
     *
     * @param name its name, with or without braces
     * @return its latest value; empty if it was not sent, or is empty
     */
    public Optional<String> macro(String name) {
        return macros.value(name);
    }

    /**
     * The MTA's name for the message. Postfix has it only after the first recipient.
     *
     * @return the queue id
     */
    public Optional<String> queueId() {
        return macro("i");
    }

    /**
     * Tests whether the MTA allows a change.
     *
     * @param action the change
     * @return true if so
     */
    public boolean allows(MilterAction action) {
        return allowed.contains(action);
    }

    /**
     * The beginning of the message, header first, up to {@link MilterNeeds#contentBytes}.
     *
     * @return the octets; the caller owns the array
     */
    public byte[] content() {
        return content.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    void addRecipient(MilterPath recipient) {
        recipients.add(recipient);
    }

    void addContent(String octets) {
        content.append(octets, 0, Math.min(octets.length(), contentLimit - content.length()));
    }

    boolean isContentComplete() {
        return content.length() >= contentLimit;
    }
}
