package org.senderauth.batv;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * The marks in the text of a message: the first parts of plain text and HTML, decoded, without quoted lines and without what
 * follows the line by which a person's mail program introduces another message.
 */
final class BodyText {

    /** The maximum number of encoded characters read of one text part. */
    static final int MAX_TEXT = 12 * 1024;

    /** The number of encoded characters read first: most bounces begin with their report; the rest is read only if not. */
    private static final int BEGINNING = 1024;

    /** The number of text parts read: plain text and the same in HTML, and one more for a text before them. */
    private static final int MAX_PARTS = 3;

    private static final PhraseSet FAILURE = PhraseSet.of("failure");
    private static final PhraseSet FAILURE_WORDS = PhraseSet.of("failure words");
    private static final PhraseSet OWN_MAILBOX = PhraseSet.of("own mailbox");
    private static final PhraseSet DIAGNOSTIC = PhraseSet.of("diagnostic");
    private static final PhraseSet WORDS = PhraseSet.of("words");
    private static final PhraseSet FORWARDED = PhraseSet.of("forwarded");
    private static final PhraseSet STATUS_FIELD = PhraseSet.of("status field");

    /** The beginning of a reply's text: an address, or a word with which many mail servers begin it. */
    private static final Pattern REPLY_TEXT = Pattern.compile("<|\\S{1,64}@|(?:access|account|address|administrative"
            + "|authentication|bad|blocked|can't|cannot|client|command|delivery|denied|dns|domain|error|host|i|invalid|ip|mail"
            + "|mailbox|message|no|not|our|permanent|policy|quota|recipient|rejected|relay|relaying|requested|sender|sending"
            + "|service|sorry|spam|the|this|too|transaction|unable|unknown|unrouteable|unroutable|user|verification|we|you"
            + "|your)(?![\\p{L}'])");

    private final StringBuilder words = new StringBuilder();
    private final Set<ContentMark> marks;
    private int headerLines;
    private boolean trace;
    private boolean reply;

    private BodyText(Set<ContentMark> marks) {
        this.marks = marks;
    }

    /** Adds the marks in the text of these parts, until there are enough. */
    static void addMarks(Set<ContentMark> marks, String message, List<MimePart> parts, BooleanSupplier enough) {
        BodyText body = new BodyText(marks);
        int read = 0;
        for (MimePart part : parts) {
            if (isText(part) && read < MAX_PARTS && !enough.getAsBoolean()) {
                read++;
                int end = Math.min(part.end(), part.start() + MAX_TEXT);
                int beginning = Math.min(end, HeaderFields.lineEnd(message, Math.min(end, part.start() + BEGINNING)));
                body.read(decode(message, part, beginning));
                if (beginning < end && !enough.getAsBoolean()) {
                    body.read(decode(message, part, end));
                }
            }
        }
        if (!enough.getAsBoolean()
                && !marks.contains(ContentMark.DIAGNOSTIC_TEXT)
                && WORDS.isIn(body.words.toString())) {
            marks.add(ContentMark.MAIL_WORDS);
        }
    }

    /** Tests for the line by which a person's mail program introduces a forwarded message. */
    static boolean isForwarded(String message, List<MimePart> parts) {
        return parts.stream()
                .filter(BodyText::isText)
                .limit(MAX_PARTS)
                .flatMap(part -> decode(message, part, Math.min(part.end(), part.start() + MAX_TEXT))
                        .lines())
                .anyMatch(line -> FORWARDED.begins(line.strip().toLowerCase(Locale.ROOT)));
    }

    private static boolean isText(MimePart part) {
        return part.type().is("text/plain")
                || part.type().is("text/html")
                || part.type().is("text");
    }

    private static String decode(String message, MimePart part, int end) {
        String text = EncodedText.body(
                message.substring(part.start(), end),
                part.header().first("content-transfer-encoding"),
                part.type().parameter("charset"));
        return part.type().is("text/html") ? HtmlText.plain(text) : text;
    }

    private void read(String text) {
        words.setLength(0);
        headerLines = 0;
        trace = false;
        reply = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String stripped = line.strip();
            String lower = stripped.toLowerCase(Locale.ROOT);
            if (FORWARDED.begins(lower)) {
                break;
            }
            if (!stripped.startsWith(">")) {
                line(line, lower);
            }
        }
        search(words.toString());
    }

    private void line(String line, String lower) {
        if (isAddress(lower)) {
            marks.add(ContentMark.RECIPIENT_LINE);
        }
        if (STATUS_FIELD.begins(lower)) {
            marks.add(ContentMark.STATUS_TEXT);
        }
        returnedHeader(line, lower);
        reply |= hasPlainReply(lower);
        if (isPlain(lower)) {
            words.append(lower).append(lower.isEmpty() ? "" : " ");
        } else {
            addWords(lower);
        }
    }

    // Most lines: ASCII with single spaces and nothing that is replaced.
    private static boolean isPlain(String stripped) {
        char before = 'a';
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if (c < ' ' || c > '~' || c == '*' || c == '"' || c == '`' || c == ' ' && before == ' ') {
                return false;
            }
            before = c;
        }
        return true;
    }

    private void addWords(String lower) {
        boolean inWord = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (Character.isWhitespace(c) || c == '\u00A0' || c == '*' || c == '"') {
                if (inWord) {
                    words.append(' ');
                }
                inWord = false;
            } else {
                words.append(c == '\u2019' || c == '`' || c == '\u00B4' ? '\'' : c);
                inWord = true;
            }
        }
        words.append(inWord ? " " : "");
    }

    /** Three header fields on successive lines, one of which only mail software writes. */
    private void returnedHeader(String line, String lower) {
        if (isField(lower)) {
            headerLines++;
            trace |= lower.startsWith("received: ")
                    || lower.startsWith("return-path: <")
                    || lower.startsWith("message-id: <")
                    || lower.startsWith("dkim-signature: ");
        } else if (line.isBlank() || line.charAt(0) != ' ' && line.charAt(0) != '\t') {
            headerLines = 0;
            trace = false;
        }
        if (headerLines >= 3 && trace) {
            marks.add(ContentMark.RETURNED_TEXT);
        }
    }

    private static boolean isField(String lower) {
        int colon = lower.indexOf(": ");
        if (colon < 2 || colon > 40) {
            return false;
        }
        for (int i = 0; i < colon; i++) {
            char c = lower.charAt(i);
            if (c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** An address alone on its line, in angle brackets or before a colon, as the list of failed recipients has it. */
    private static boolean isAddress(String lower) {
        int at = lower.indexOf('@');
        if (at < 1 || lower.indexOf('.', at) < 0 || lower.length() > 330) {
            return false;
        }
        return lower.indexOf(' ') < 0 || lower.startsWith("<") && lower.indexOf(">:") > at;
    }

    private void search(String text) {
        boolean failure = FAILURE.isIn(text);
        if (failure) {
            marks.add(ContentMark.FAILURE_TEXT);
        } else if (FAILURE_WORDS.isIn(text)) {
            marks.add(ContentMark.FAILURE_WORDS);
        }
        if ((reply || DIAGNOSTIC.isIn(text) || hasStatusReply(text)) && (failure || !OWN_MAILBOX.isIn(text))) {
            marks.add(ContentMark.DIAGNOSTIC_TEXT);
        }
    }

    /** Finds an SMTP reply with an enhanced status code, as in {@code 550 5.1.1} (RFC 3463) or {@code #5.1.1}. */
    private static boolean hasStatusReply(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '#' && isStatus(text, i + 1)
                    || isCode(text, i) && isStatus(text, text.charAt(i + 4) == '#' ? i + 5 : i + 4)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds an SMTP reply without an enhanced status code, as in {@code said: 550 unknown user}. People write numbers too,
     * as in "550 attendees": a reply begins a line or follows a punctuation mark, and its text begins as those of mail
     * servers do.
     */
    private static boolean hasPlainReply(String line) {
        for (int i = line.indexOf('5'); i >= 0; i = line.indexOf('5', i + 1)) {
            if (isCode(line, i) && line.charAt(i + 1) != '1' && isReplyStart(line, i) && isReplyText(line, i + 4)) {
                return true;
            }
        }
        return false;
    }

    /** A reply code (RFC 5321 section 4.2) of class 4 or 5, with a character after it and its separator. */
    private static boolean isCode(String text, int at) {
        return (text.charAt(at) == '5' || text.charAt(at) == '4')
                && digits(text, at) == 3
                && (at == 0 || isBoundary(text.charAt(at - 1)))
                && at + 4 < text.length()
                && (text.charAt(at + 3) == ' ' || text.charAt(at + 3) == '-');
    }

    private static boolean isReplyStart(String line, int at) {
        int before = at - 1;
        while (before >= 0 && line.charAt(before) == ' ') {
            before--;
        }
        return before < 0 || ":;<(['\"".indexOf(line.charAt(before)) >= 0;
    }

    private static boolean isReplyText(String line, int from) {
        return REPLY_TEXT.matcher(line).region(from, line.length()).lookingAt();
    }

    /** An enhanced status code (RFC 3463 section 2) of class 4 or 5. */
    private static boolean isStatus(String text, int at) {
        if (at + 4 >= text.length() || text.charAt(at) != '5' && text.charAt(at) != '4' || text.charAt(at + 1) != '.') {
            return false;
        }
        int subject = digits(text, at + 2);
        int dot = at + 2 + subject;
        return subject >= 1
                && subject <= 3
                && dot < text.length()
                && text.charAt(dot) == '.'
                && digits(text, dot + 1) > 0
                && digits(text, dot + 1) < 4;
    }

    private static boolean isBoundary(char before) {
        return (before < '0' || before > '9') && before != '.' && before != ',' && before != '-';
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && at < from + 4 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }
}
