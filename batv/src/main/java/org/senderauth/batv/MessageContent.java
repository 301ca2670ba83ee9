package org.senderauth.batv;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a message is by its content: enough to tell notices that carry a tag when they are genuine from those that never
 * do. Only the beginning of a message is read, and nothing in it is trusted for more than this.
 *
 * @param kind the kind
 * @param why the field or part that told
 */
public record MessageContent(MessageKind kind, String why) {

    /** Octets of a message that are looked at: its header, and the beginning of its parts. */
    public static final int MAX_OCTETS = 64 * 1024;

    /** Parts of a multipart message whose headers are looked at; a report has three (RFC 6522 section 3). */
    public static final int MAX_PARTS = 10;

    private static final Pattern AUTOMATIC =
            Pattern.compile("^(auto(matic)?[ -]?(reply|response|antwort)|out of (the )?office|abwesen)");
    private static final Pattern BOUNCE_SUBJECT = Pattern.compile("^(failure notice"
            + "|mail delivery (failed|failure|system)|undelivered mail returned|undeliverable|undeliverable mail"
            + "|delivery (status notification|failure|has failed)|returned mail|mail system error"
            + "|warning: (message|could not send)|virus (found|detected|alert))");

    /**
     * Reads the beginning of a message.
     *
     * @param message the message, header first; at most {@value #MAX_OCTETS} octets are read, and it is not closed
     * @return what it is
     * @throws IOException if reading fails
     */
    public static MessageContent read(InputStream message) throws IOException {
        return classify(message.readNBytes(MAX_OCTETS));
    }

    /**
     * Reads the beginning of a message.
     *
     * @param message the message or its beginning, header first
     * @return what it is
     */
    public static MessageContent of(byte[] message) {
        try {
            return read(new ByteArrayInputStream(message));
        } catch (IOException e) {
            throw new UncheckedIOException("an array can always be read", e);
        }
    }

    // DSN and MDN first: both may be marked as automatic answers as well (RFC 3834 section 2, RFC 8098 section 3).
    private static MessageContent classify(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        HeaderFields header = HeaderFields.parse(text, 0);
        ContentType type = ContentType.parse(header.first("content-type"));
        if (type.is("multipart/report")) {
            switch (type.parameter("report-type")) {
                case "delivery-status":
                    return new MessageContent(MessageKind.DSN, "report-type=delivery-status");
                case "disposition-notification":
                    return new MessageContent(MessageKind.MDN, "report-type=disposition-notification");
                default:
                    break;
            }
        }
        List<ContentType> parts = parts(text, header.end(), type);
        for (ContentType part : parts) {
            if (part.is("message/delivery-status") || part.is("message/global-delivery-status")) {
                return new MessageContent(MessageKind.DSN, "a part " + part.type());
            }
            if (part.is("message/disposition-notification") || part.is("message/global-disposition-notification")) {
                return new MessageContent(MessageKind.MDN, "a part " + part.type());
            }
        }
        return byHeader(header);
    }

    private static List<ContentType> parts(String text, int body, ContentType type) {
        return type.type().startsWith("multipart/")
                ? MultipartParts.types(text, body, type.parameter("boundary"))
                : List.of();
    }

    private static MessageContent byHeader(HeaderFields header) {
        String autoSubmitted = header.first("auto-submitted").strip().toLowerCase(Locale.ROOT);
        String subject = header.first("subject").strip().toLowerCase(Locale.ROOT);
        if (!header.first("x-failed-recipients").isEmpty()) {
            return new MessageContent(MessageKind.BACKSCATTER, "X-Failed-Recipients");
        }
        if (BOUNCE_SUBJECT.matcher(subject).find()) {
            return new MessageContent(MessageKind.BACKSCATTER, "Subject");
        }
        if (header.first("from").toLowerCase(Locale.ROOT).contains("mailer-daemon@")) {
            return new MessageContent(MessageKind.BACKSCATTER, "From");
        }
        // auto-replied is an answer; auto-generated and auto-notified are none (RFC 3834 section 5, RFC 5436)
        if (autoSubmitted.startsWith("auto-replied")) {
            return new MessageContent(MessageKind.AUTO_REPLY, "Auto-Submitted");
        }
        if (header.first("precedence").strip().equalsIgnoreCase("auto_reply")
                || header.has("x-autoreply")
                || header.has("x-autorespond")) {
            return new MessageContent(MessageKind.AUTO_REPLY, "an older mark of automatic answers");
        }
        if (AUTOMATIC.matcher(subject).find()) {
            return new MessageContent(MessageKind.AUTO_REPLY, "Subject");
        }
        return new MessageContent(MessageKind.OTHER, "nothing that marks a notice");
    }
}
