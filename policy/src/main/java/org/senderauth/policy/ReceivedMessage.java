package org.senderauth.policy;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.MessageContent;

/**
 * A message at the end of its data, for {@link SenderPolicy#decide(Transaction, ReceivedMessage)}: its classified content,
 * and its bytes where the server kept them. Immutable; the bytes are not copied and must not change.
 */
public final class ReceivedMessage {

    private final MessageContent content;
    private final byte @Nullable [] bytes;
    private final boolean whole;
    private final DkimResults dkim;

    private ReceivedMessage(MessageContent content, byte @Nullable [] bytes, boolean whole, DkimResults dkim) {
        this.content = content;
        this.bytes = bytes;
        this.whole = whole;
        this.dkim = dkim;
    }

    /**
     * A message of which all bytes were kept.
     *
     * @param message the message as it was received in DATA: CRLF newlines, dot-stuffing undone, before any change
     * @return the message
     */
    public static ReceivedMessage whole(byte[] message) {
        return new ReceivedMessage(MessageContent.of(message), message, true, DkimResults.NONE);
    }

    /**
     * A message of which only the beginning was kept. {@value org.senderauth.batv.MessageContent#MAX_OCTETS} bytes are
     * enough: a bounce has the header of the message that it returns in them.
     *
     * @param beginning the first bytes of the message, as in {@link #whole}
     * @return the message
     */
    public static ReceivedMessage beginning(byte[] beginning) {
        return beginning(beginning, MessageContent.of(beginning));
    }

    /**
     * A message of which only the beginning was kept, and that was classified by more of it, as {@link
     * org.senderauth.batv.MessageExcerpt} keeps.
     *
     * @param beginning the first bytes of the message, as in {@link #whole}
     * @param content its content
     * @return the message
     */
    public static ReceivedMessage beginning(byte[] beginning, MessageContent content) {
        return new ReceivedMessage(
                Objects.requireNonNull(content, "content"),
                Objects.requireNonNull(beginning, "beginning"),
                false,
                DkimResults.NONE);
    }

    /**
     * A message that was classified and not kept. The step {@link Step#DKIM2} is skipped for it.
     *
     * @param content its content
     * @return the message
     */
    public static ReceivedMessage classified(MessageContent content) {
        return new ReceivedMessage(Objects.requireNonNull(content, "content"), null, false, DkimResults.NONE);
    }

    /**
     * This message with what a DKIM verifier of this host found in it; see {@link SenderPolicyBuilder#unlessDkimPasses}.
     *
     * @param results the results
     * @return another message
     */
    public ReceivedMessage with(DkimResults results) {
        return new ReceivedMessage(content, bytes, whole, Objects.requireNonNull(results, "results"));
    }

    /** {@return what a DKIM verifier found; by default nothing} */
    DkimResults dkim() {
        return dkim;
    }

    /** {@return the content by which the message is classified} */
    public MessageContent content() {
        return content;
    }

    /** The bytes; empty if they were not kept. */
    Optional<byte[]> bytes() {
        return Optional.ofNullable(bytes);
    }

    /** Tests whether the bytes are all of the message. */
    boolean isWhole() {
        return whole;
    }
}
