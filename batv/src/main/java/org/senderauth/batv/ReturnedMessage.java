package org.senderauth.batv;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.core.Ascii;
import org.senderauth.core.SafeText;

/**
 * The message that a bounce returns, or its header. Anyone who has one of our messages can copy all of it, so nothing here
 * proves that we sent the returned message. A whole returned header that names none of our hosts proves the opposite.
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

    /** A label of a name; names are UTF-8 (RFC 6531 section 3.7.3), and here Latin-1. */
    private static final String LABEL = "[a-z0-9_\\x80-\\xff-]++";

    /** The host of a Received field's FROM or BY clause (RFC 5321 section 4.4), which may be a single label. */
    private static final Pattern CLAUSE =
            Pattern.compile("(?:^|\\s)(?:from|by)\\s++(" + LABEL + "(?:\\." + LABEL + ")*+)");

    /** A name of several labels that is not in an email address. */
    private static final Pattern NAME =
            Pattern.compile("(?<![a-z0-9_\\x80-\\xff.@+-])(" + LABEL + "(?:\\." + LABEL + ")++)(?!@|\\.@)");

    /** The maximum length of a line (RFC 5322 section 2.1.1). */
    private static final int MAX_ID = 998;

    private final Form form;
    private final String message;
    private final HeaderFields header;
    private final int end;
    private final boolean complete;

    /** The message that a part returns, without the part's transfer encoding. */
    static ReturnedMessage of(Form form, String message, MimePart part, boolean complete) {
        if (part.isEncoded()) {
            String decoded = part.decoded(message);
            return new ReturnedMessage(
                    form, decoded, skipNewlines(decoded, 0, decoded.length()), decoded.length(), complete);
        }
        return new ReturnedMessage(
                form, message, skipNewlines(message, part.start(), part.end()), part.end(), complete);
    }

    // Some reporters write an empty line too many before the returned header.
    private static int skipNewlines(String text, int start, int end) {
        int at = start;
        while (at < end && (text.charAt(at) == '\r' || text.charAt(at) == '\n')) {
            at++;
        }
        return at;
    }

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
     * Returns the message as the bounce contains it, header first. A part in quoted-printable or base64 is decoded; RFC 2046
     * section 5.2.1 permits neither, and both are in use.
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

    /**
     * Returns the Message-ID with its angle brackets and without comments, as it was received: it may contain control
     * characters.
     *
     * @return the Message-ID, if the returned header has one
     */
    public Optional<String> messageId() {
        String field = header.first("message-id");
        int open = field.indexOf('<');
        int close = field.indexOf('>', Math.max(open, 0));
        return open < 0 || close < 0 || close - open >= MAX_ID
                ? Optional.empty()
                : Optional.of(field.substring(open, close + 1));
    }

    /** {@return the Return-Path as returned, if there is one: our signed sender, where the bounce is for us} */
    public Optional<String> returnPath() {
        return Optional.of(header.first("return-path").strip()).filter(path -> !path.isEmpty());
    }

    /**
     * Returns the hosts that the returned header names as ours may be: the domain of its Message-ID, and all names in its
     * Received fields other than the domains of email addresses.
     *
     * @return the names in lower case without a trailing dot, each once
     */
    public List<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        messageId().ifPresent(id -> {
            int at = id.lastIndexOf('@');
            if (at > 0) {
                hosts.add(Ascii.toLowerCase(id.substring(at + 1, id.length() - 1)));
            }
        });
        for (String field : header.all(message, "received")) {
            String received = Ascii.toLowerCase(field);
            addAll(hosts, CLAUSE, HeaderFields.withoutComments(received));
            // The name that an address resolves to is in a comment.
            addAll(hosts, NAME, received);
        }
        return List.copyOf(hosts);
    }

    private static void addAll(Set<String> hosts, Pattern name, String text) {
        for (Matcher found = name.matcher(text); found.find(); ) {
            String host = EncodedText.field(found.group(1));
            // An IP address or a version ends with a number.
            if (!Character.isDigit(host.charAt(host.length() - 1)) || host.indexOf('.') < 0) {
                hosts.add(host);
            }
        }
    }

    /**
     * Returns whether the message evidently never was at our hosts: its header is there down to the From field, which is
     * below all Received fields, and neither Message-ID nor Received fields name one of our hosts.
     *
     * @param ownHosts true for the names of our hosts, in lower case, and for the domains of our Message-IDs
     * @return false if one of our hosts is named, or too little is returned to decide: no Received field, or no From field
     */
    public boolean isNeverOurs(Predicate<String> ownHosts) {
        return header.has("received") && header.has("from") && hosts().stream().noneMatch(ownHosts);
    }

    HeaderFields header() {
        return header;
    }

    /** {@return the form and the Message-ID for logs; what is not printable is a question mark} */
    @Override
    public String toString() {
        return Ascii.text(form) + messageId().map(id -> ' ' + SafeText.of(id)).orElse("");
    }
}
