package org.senderauth.batv;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.ContentMark.Place;

/**
 * Finds the marks of a message, and its kind by their weight. A bounce needs marks of at least {@value #BOUNCE_WEIGHT}
 * from two places, or two in its structure; one of them is structure or text. So neither From nor Subject alone makes a
 * bounce, nor both, nor a text alone, and the null sender never counts.
 */
final class MessageClassifier {

    /** The weight of marks that makes a bounce. */
    static final int BOUNCE_WEIGHT = 10;

    private final String text;
    private final boolean complete;
    private final Set<ContentMark> marks = EnumSet.noneOf(ContentMark.class);
    private @Nullable ReturnedMessage returned;

    private MessageClassifier(String text, boolean complete) {
        this.text = text;
        this.complete = complete;
    }

    static MessageContent classify(String text, boolean complete) {
        return new MessageClassifier(text, complete).classify();
    }

    private MessageContent classify() {
        HeaderFields header = HeaderFields.parse(text, 0);
        List<MimePart> parts = MimeParts.of(text, header);
        marks.addAll(HeaderMarks.marks(header));
        parts.forEach(this::structure);
        if (isReportOfPerson() && (HeaderMarks.isForwarded(header) || BodyText.isForwarded(text, parts))) {
            marks.add(ContentMark.FORWARDED);
        }
        // The text costs more to read than all else, and cannot decide alone.
        if (!isExcluded() && !isBounce() && marks.stream().anyMatch(mark -> mark.weight() > 0)) {
            BodyText.addMarks(marks, text, parts, this::isBounce);
        }
        if (returned == null && isBounce()) {
            returned = ReturnedText.find(text, parts, complete);
        }
        return new MessageContent(kind(), marks, returned);
    }

    private void structure(MimePart part) {
        ContentType type = part.type();
        switch (type.type()) {
            case "multipart/report":
                reportType(type.parameter("report-type"));
                break;
            case "message/delivery-status":
            case "message/global-delivery-status":
                marks.add(ContentMark.STATUS_PART);
                if (hasStatusFields(part)) {
                    marks.add(ContentMark.STATUS_FIELDS);
                }
                break;
            case "message/disposition-notification":
            case "message/global-disposition-notification":
                marks.add(ContentMark.RECEIPT_PART);
                break;
            case "message/feedback-report":
                marks.add(ContentMark.OTHER_REPORT);
                break;
            case "message/rfc822":
            case "message/global":
            case "message/rfc822-headers":
                enclosed(ReturnedMessage.of(ReturnedMessage.Form.MESSAGE, text, part, complete));
                break;
            case "text/rfc822-headers":
            case "text/rfc822-header":
            case "message/global-headers":
                marks.add(ContentMark.RETURNED_HEADER);
                keep(ReturnedMessage.of(ReturnedMessage.Form.HEADER, text, part, complete));
                break;
            case "text/calendar":
                marks.add(ContentMark.CALENDAR);
                break;
            default:
                break;
        }
    }

    /** Tests for the parts of a report, not in a report, in a message that no mail system has written. */
    private boolean isReportOfPerson() {
        return marks.contains(ContentMark.STATUS_PART)
                && !marks.contains(ContentMark.REPORT_TYPE)
                && !isFromMailSystem();
    }

    private boolean isFromMailSystem() {
        return marks.contains(ContentMark.FROM_DAEMON) || marks.contains(ContentMark.FROM_POSTMASTER);
    }

    private void reportType(String reportType) {
        switch (reportType) {
            case "delivery-status":
                marks.add(ContentMark.REPORT_TYPE);
                break;
            case "disposition-notification":
                marks.add(ContentMark.RECEIPT_TYPE);
                break;
            case "":
                break;
            default:
                marks.add(ContentMark.OTHER_REPORT);
                break;
        }
    }

    private boolean hasStatusFields(MimePart part) {
        String body = text.substring(part.start(), Math.min(part.end(), part.start() + BodyText.MAX_TEXT));
        String fields = EncodedText.body(body, part.header().first("content-transfer-encoding"), "")
                .toLowerCase(Locale.ROOT);
        return fields.contains("final-recipient:") || fields.contains("reporting-mta:") || fields.contains("action:");
    }

    /** A bounce is never bounced (RFC 5321 section 6.1), so an enclosed bounce was not returned, but forwarded. */
    private void enclosed(ReturnedMessage message) {
        HeaderFields header = message.header();
        // In a report it makes no difference, and the most common bounces are not read twice.
        Set<ContentMark> inner =
                marks.contains(ContentMark.REPORT_TYPE) ? EnumSet.noneOf(ContentMark.class) : HeaderMarks.marks(header);
        boolean bounce = MimePart.typeOf(header).parameter("report-type").equals("delivery-status")
                || header.first("return-path").strip().equals("<>")
                || inner.contains(ContentMark.FAILED_RECIPIENTS)
                || (inner.contains(ContentMark.FROM_DAEMON) || inner.contains(ContentMark.FROM_POSTMASTER))
                        && (inner.contains(ContentMark.SUBJECT) || inner.contains(ContentMark.SUBJECT_PREFIX));
        if (bounce) {
            marks.add(ContentMark.ENCLOSED_BOUNCE);
        } else {
            marks.add(ContentMark.RETURNED_MESSAGE);
            keep(message);
        }
    }

    private void keep(ReturnedMessage message) {
        if (returned == null) {
            returned = message;
        }
    }

    // Structure first: a DSN and an MDN may both be marked as automatic replies (RFC 3834 section 2, RFC 8098 section
    // 3).
    private MessageKind kind() {
        if (marks.contains(ContentMark.RECEIPT_TYPE)
                || marks.contains(ContentMark.RECEIPT_PART) && !marks.contains(ContentMark.REPORT_TYPE)) {
            return MessageKind.MDN;
        }
        if (!isExcluded() && isBounce()) {
            return marks.contains(ContentMark.REPORT_TYPE) || marks.contains(ContentMark.STATUS_PART)
                    ? MessageKind.DSN
                    : MessageKind.BACKSCATTER;
        }
        return marks.contains(ContentMark.AUTO_REPLIED)
                        || marks.contains(ContentMark.AUTO_FIELD)
                        || marks.contains(ContentMark.AUTO_SUBJECT)
                ? MessageKind.AUTO_REPLY
                : MessageKind.OTHER;
    }

    /** Tests whether the message is of a kind that contains bounces, or their words, without being one. */
    private boolean isExcluded() {
        if (marks.contains(ContentMark.JOURNAL_REPORT)
                || marks.contains(ContentMark.RECEIPT_TYPE)
                || marks.contains(ContentMark.FORWARDED)) {
            return true;
        }
        boolean report = marks.contains(ContentMark.REPORT_TYPE) || marks.contains(ContentMark.STATUS_PART);
        boolean returned = marks.contains(ContentMark.RETURNED_HEADER) || marks.contains(ContentMark.FAILED_RECIPIENTS);
        return !report
                && ((marks.contains(ContentMark.LIST_FIELD) || marks.contains(ContentMark.NOTICE_SUBJECT) || isReply())
                                && !returned
                        || marks.contains(ContentMark.OTHER_REPORT)
                        || marks.contains(ContentMark.RECEIPT_PART)
                        || marks.contains(ContentMark.CALENDAR)
                        || marks.contains(ContentMark.ENCLOSED_BOUNCE) && !returned);
    }

    /** Tests for an automatic reply in which no more than its text resembles a bounce. */
    private boolean isReply() {
        boolean reply = marks.contains(ContentMark.AUTO_REPLIED)
                || marks.contains(ContentMark.AUTO_FIELD)
                || marks.contains(ContentMark.AUTO_SUBJECT);
        // Its subject may be that of the message it answers.
        return reply
                && !marks.contains(ContentMark.FROM_DAEMON)
                && !(marks.contains(ContentMark.FROM_POSTMASTER) && hasSubject());
    }

    private boolean hasSubject() {
        return marks.contains(ContentMark.SUBJECT) || marks.contains(ContentMark.SUBJECT_PREFIX);
    }

    private boolean isBounce() {
        Set<Place> places = EnumSet.noneOf(Place.class);
        int weight = 0;
        int structure = 0;
        int text = 0;
        for (ContentMark mark : marks) {
            if (mark.weight() > 0 && counts(mark)) {
                weight += mark.weight();
                structure += mark.place == Place.STRUCTURE ? 1 : 0;
                text += mark.place == Place.TEXT && mark != ContentMark.MAIL_WORDS ? 1 : 0;
                // Web forms, chats and parcel services write from noreply@ too. Marks of structure come first.
                if (mark != ContentMark.FROM_PROGRAM || structure > 0) {
                    places.add(mark.place);
                }
            }
        }
        return weight >= BOUNCE_WEIGHT
                && (places.contains(Place.STRUCTURE) || places.contains(Place.TEXT))
                && (places.size() > 1 || structure > 1)
                && (structure > 0 || isReportInText(text));
    }

    /**
     * Tests a text without structure. A postmaster also writes in person, and of failures; and everyone quotes a reason, such
     * as an unknown address.
     *
     * @param count the number of marks in the text, but for mail words
     */
    private boolean isReportInText(int count) {
        boolean subject = hasSubject();
        boolean daemon = marks.contains(ContentMark.FROM_DAEMON);
        return hasReport() ? daemon || subject || count > 1 : isFromMailSystem() && (subject || daemon && count > 1);
    }

    /** Tests for a text that reports a failure, in more than the words of a reason. */
    private boolean hasReport() {
        return marks.contains(ContentMark.FAILURE_TEXT)
                || marks.contains(ContentMark.FAILURE_WORDS)
                || marks.contains(ContentMark.STATUS_TEXT);
    }

    /** Tests whether a mark counts together with the others. */
    private boolean counts(ContentMark mark) {
        return switch (mark) {
            // People forward mail as an attachment.
            case RETURNED_MESSAGE ->
                isFromMailSystem() || marks.contains(ContentMark.FROM_PROGRAM) && hasReport() || isReported();
            // Reports of abuse have the header of a message too.
            case RETURNED_HEADER -> isFromMailSystem() || hasReport() || isReported() || hasSubject();
            case FAILURE_WORDS -> isAboutMail();
            default -> true;
        };
    }

    private boolean isReported() {
        return marks.contains(ContentMark.REPORT_TYPE)
                || marks.contains(ContentMark.STATUS_PART)
                || marks.contains(ContentMark.FAILED_RECIPIENTS);
    }

    /** Tests whether more than a program's name or a subject tells that a text about a failed delivery is not about a parcel. */
    private boolean isAboutMail() {
        return isFromMailSystem()
                || marks.contains(ContentMark.STATUS_TEXT)
                || marks.contains(ContentMark.RETURNED_TEXT)
                || marks.contains(ContentMark.SUBJECT) && marks.contains(ContentMark.DIAGNOSTIC_TEXT)
                || marks.contains(ContentMark.RETURNED_HEADER)
                || isReported();
    }
}
