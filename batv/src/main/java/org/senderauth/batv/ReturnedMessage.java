package org.senderauth.batv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.core.Ascii;

/**
 * The message that a bounce returns, or its header. Anyone who has one of our messages can copy all of it, so nothing here
 * proves that we sent the returned message. A returned header that names none of our hosts proves the opposite.
 *
 * <p>Immutable and thread-safe. Keeps the part of the bounce that was read in memory.
 */
public final class ReturnedMessage {

    /** The form in which a bounce returns a message. */
    public enum Form {
        /** A part {@code message/rfc822} or {@code message/global}. */
        MESSAGE,
        /** A part {@code text/rfc822-headers}: the header only. */
        HEADER,
        /** A copy in the text, as qmail and Exim write it. */
        TEXT
    }

    /** The host of a Received field's BY clause (RFC 5321 section 4.4). */
    private static final Pattern BY = Pattern.compile("(?i)(?:^|\\s)by\\s+([a-z0-9._-]{1,255})");

    private final Form form;
    private final String message;
    private final HeaderFields header;
    private final int end;
    private final boolean complete;

    ReturnedMessage(Form form, String message, int start, int end, boolean complete) {
        this.form = form;
        this.message = message;
        this.header = HeaderFields.parse(message, start, end);
        this.end = end;
        this.complete = complete;
    }

    /** {@return how the bounce returns the message} */
    public Form form() {
        return form;
    }

    /**
     * Returns the message as the bounce contains it, header first, without any decoding: a message part has no encoding
     * other than 7bit, 8bit or binary (RFC 2046 section 5.2.1).
     *
     * @return a copy of the bytes that were read
     */
    public byte[] bytes() {
        return message.substring(header.start(), end).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns whether all bytes are there: the bounce was short enough to be read as a whole.
     *
     * @return false if the bounce was longer than what is read of it, see {@link MessageExcerpt}
     */
    public boolean isComplete() {
        return complete;
    }

    /** {@return the Message-ID with its angle brackets, if the returned header has one} */
    public Optional<String> messageId() {
        return Optional.of(header.first("message-id").strip()).filter(id -> id.startsWith("<") && id.length() <= 998);
    }

    /** {@return the Return-Path as returned, if there is one: our signed sender, where the bounce is for us} */
    public Optional<String> returnPath() {
        return Optional.of(header.first("return-path").strip()).filter(path -> !path.isEmpty());
    }

    /** {@return the hosts that the returned header names as ours may be: those in Message-ID and in Received (BY)} */
    public List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        messageId().ifPresent(id -> {
            int at = id.lastIndexOf('@');
            int close = id.indexOf('>', Math.max(at, 0));
            if (at > 0 && close > at) {
                hosts.add(Ascii.toLowerCase(id.substring(at + 1, close)));
            }
        });
        for (String received : header.all(message, "received")) {
            Matcher by = BY.matcher(received);
            if (by.find()) {
                hosts.add(Ascii.toLowerCase(by.group(1)));
            }
        }
        return hosts;
    }

    /**
     * Returns whether the message evidently never was at our hosts: its header has a Message-ID or Received fields, and
     * names none of them.
     *
     * @param ownHosts true for the names of our hosts, in lower case, and for the domains of our Message-IDs
     * @return false if one of our hosts is named, or too little is returned to decide
     */
    public boolean isNeverOurs(Predicate<String> ownHosts) {
        List<String> hosts = hosts();
        return !hosts.isEmpty() && hosts.stream().noneMatch(ownHosts);
    }

    HeaderFields header() {
        return header;
    }

    /** {@return the form and the Message-ID} */
    @Override
    public String toString() {
        return Ascii.text(form) + messageId().map(id -> ' ' + id).orElse("");
    }
}
