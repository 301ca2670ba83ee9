package org.senderauth.batv;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;

/**
 * The kind of a message by its content, and the marks by which it was determined: enough to tell notices that have a tag
 * when they are genuine from those that never do. Nothing in a message is trusted for more than this.
 *
 * <p>Reads the excerpt that {@link MessageExcerpt} keeps, at most {@value #MAX_PARTS} parts in it, and multiparts inside
 * each other to a depth of 8. Any bytes are accepted; none make it throw. Immutable and thread-safe.
 */
public final class MessageContent {

    /** The number of bytes of a message that are read: its beginning and its end. */
    public static final int MAX_OCTETS = MessageExcerpt.HEAD_BYTES + MessageExcerpt.TAIL_BYTES;

    /** The maximum number of parts whose headers are read; a report has three (RFC 6522 section 3). */
    public static final int MAX_PARTS = 50;

    private final MessageKind kind;
    private final Set<ContentMark> marks;
    /** Null for the names of the marks. */
    private final @Nullable String why;

    private final @Nullable ReturnedMessage returned;

    MessageContent(MessageKind kind, Set<ContentMark> marks, @Nullable ReturnedMessage returned) {
        this.kind = kind;
        this.marks = EnumSet.copyOf(marks);
        this.returned = returned;
        this.why = null;
    }

    /**
     * Content that another program has classified.
     *
     * @param kind its kind
     * @param why the reason, for logs
     */
    public MessageContent(MessageKind kind, String why) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.why = Objects.requireNonNull(why, "why");
        this.marks = Set.of();
        this.returned = null;
    }

    /**
     * Reads a message to its end and classifies it. The stream is not closed.
     *
     * @param message the message, header first
     * @return its content
     * @throws IOException if reading fails
     */
    public static MessageContent read(InputStream message) throws IOException {
        return of(MessageExcerpt.read(message));
    }

    /**
     * Classifies a message.
     *
     * @param message the message or its beginning, header first
     * @return its content
     */
    public static MessageContent of(byte[] message) {
        return MessageClassifier.classify(
                MessageExcerpt.text(message), message.length <= MessageExcerpt.HEAD_BYTES + MessageExcerpt.TAIL_BYTES);
    }

    /**
     * Classifies a message of which an excerpt was kept while it arrived.
     *
     * @param message the excerpt
     * @return its content
     */
    public static MessageContent of(MessageExcerpt message) {
        return MessageClassifier.classify(message.text(), message.isComplete());
    }

    /** {@return the kind} */
    public MessageKind kind() {
        return kind;
    }

    /** Tests for a bounce, a receipt or an automatic reply. People also write "Absence" and "Vacation" into a subject. */
    boolean isAutomatic() {
        return kind == MessageKind.AUTO_REPLY
                ? !marks.contains(ContentMark.AUTO_SUBJECT)
                        || marks.contains(ContentMark.AUTO_REPLIED)
                        || marks.contains(ContentMark.AUTO_FIELD)
                : kind != MessageKind.OTHER;
    }

    /** {@return the marks found, the structural ones first; empty if another program has classified the message} */
    public List<ContentMark> marks() {
        return List.copyOf(marks);
    }

    /** {@return the names of the marks} */
    public String why() {
        if (why != null) {
            return why;
        }
        return marks.isEmpty()
                ? "no mark of a notice"
                : marks.stream().map(ContentMark::text).collect(Collectors.joining(", "));
    }

    /** {@return the message that the bounce returns, if there is one} */
    public Optional<ReturnedMessage> returnedMessage() {
        return Optional.ofNullable(returned);
    }

    /**
     * Returns one line for logs, such as {@code DSN by report-type, status part; encloses <id@example.org>}.
     *
     * @return the text; what is not printable is a question mark
     */
    @Override
    public String toString() {
        String text = kind
                + (marks.isEmpty() ? ": " : " by ")
                + why()
                + returnedMessage()
                        .flatMap(ReturnedMessage::messageId)
                        .map(id -> "; encloses " + id)
                        .orElse("");
        return SafeText.of(text);
    }
}
