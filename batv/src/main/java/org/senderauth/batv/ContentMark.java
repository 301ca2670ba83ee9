package org.senderauth.batv;

/**
 * A mark in the content of a message that helps to determine its kind. Each has a weight and a source. A mark that a
 * person can copy or type by chance weighs less than one that only software writes.
 */
public enum ContentMark {
    /** Content-Type {@code multipart/report; report-type=delivery-status}, at any level outside enclosed messages. */
    REPORT_TYPE("report-type", Place.STRUCTURE, 9, "RFC 6522 section 3"),
    /** A part of type {@code message/delivery-status} or {@code message/global-delivery-status}. */
    STATUS_PART("status part", Place.STRUCTURE, 9, "RFC 3464 section 2, RFC 6533 section 3"),
    /** A status part that contains status fields, such as Final-Recipient. */
    STATUS_FIELDS("status fields", Place.STRUCTURE, 2, "RFC 3464 sections 2.2 and 2.3"),
    /** A part of type {@code message/rfc822} or {@code message/global} that is not itself a bounce. */
    RETURNED_MESSAGE("returned message", Place.STRUCTURE, 5, "RFC 3462 section 2, RFC 5321 section 6.1"),
    /** A part of type {@code text/rfc822-headers}. */
    RETURNED_HEADER("returned header", Place.STRUCTURE, 8, "RFC 6522 section 4"),
    /** Header field X-Failed-Recipients. */
    FAILED_RECIPIENTS("X-Failed-Recipients", Place.STRUCTURE, 9, "Exim, Google"),
    /** A From field of a mailer daemon. */
    FROM_DAEMON("mailer-daemon", Place.FROM, 5, "RFC 3464 section 2, sendmail, Postfix, qmail, Exim"),
    /** A From field of a postmaster or an administrator. */
    FROM_POSTMASTER("postmaster", Place.FROM, 3, "RFC 5321 section 4.5.1, Exchange, Domino, GroupWise"),
    /** A From field of another program, or no address in it. */
    FROM_PROGRAM("program", Place.FROM, 1, "gateways and virus scanners"),
    /** A subject that only mail software writes. */
    SUBJECT("subject", Place.SUBJECT, 5, "mail servers and gateways"),
    /** The beginning of a subject that mail software writes before the returned message's subject. */
    SUBJECT_PREFIX("subject prefix", Place.SUBJECT, 2, "Exchange, Domino, virus scanners"),
    /** A sentence of the text by which mail software reports a failed or delayed delivery. */
    FAILURE_TEXT("failure text", Place.TEXT, 9, "mail servers and gateways, in bounce-texts.txt"),
    /**
     * A sentence about a failed delivery that parcel services write as well. It counts with a From field of a mail system or
     * another proof that it is about mail, not with any program or subject.
     */
    FAILURE_WORDS("failure words", Place.TEXT, 7, "mail servers and gateways, in bounce-texts.txt"),
    /** Status fields (RFC 3464) in the text. */
    STATUS_TEXT("status fields in text", Place.TEXT, 8, "RFC 3464 sections 2.2 and 2.3"),
    /** The reason of a failure in the text: an SMTP reply with an enhanced status code, or its usual words. */
    DIAGNOSTIC_TEXT("diagnostic text", Place.TEXT, 5, "RFC 5321 section 4.2, RFC 3463"),
    /** The header of the returned message in the text. */
    RETURNED_TEXT("returned header in text", Place.TEXT, 5, "RFC 1123 section 5.3.3, qmail, Exim"),
    /** A line of the text that contains an address only. */
    RECIPIENT_LINE("recipient line", Place.TEXT, 1, "Exim, sendmail, qmail"),
    /** Words about mail in the text, in any language, where nothing better was found in it. */
    MAIL_WORDS("mail words", Place.TEXT, 1, "bounce-texts.txt"),

    /** Content-Type {@code multipart/report; report-type=disposition-notification}. */
    RECEIPT_TYPE("receipt report-type", Place.STRUCTURE, 0, "RFC 8098 section 3"),
    /** A part of type {@code message/disposition-notification} or its internationalized form. */
    RECEIPT_PART("receipt part", Place.STRUCTURE, 0, "RFC 8098 section 3.1, RFC 6533 section 6"),
    /** Auto-Submitted: auto-replied. Automatic replies and bounces both have it. */
    AUTO_REPLIED("auto-replied", Place.FIELD, 0, "RFC 3834 section 5"),
    /** A field of automatic replies from before RFC 3834. */
    AUTO_FIELD("auto-reply field", Place.FIELD, 0, "vacation programs, Exchange"),
    /** A subject of an automatic reply. */
    AUTO_SUBJECT("auto-reply subject", Place.SUBJECT, 0, "Exchange, vacation programs"),
    /** A subject of a notice to a recipient or an administrator about the mail of others. */
    NOTICE_SUBJECT("notice subject", Place.SUBJECT, 0, "amavis, Postfix, Exim"),
    /** A field of mailing lists and newsletters: List-Id, List-Post or List-Unsubscribe. */
    LIST_FIELD("list field", Place.FIELD, 0, "RFC 2369, RFC 2919"),
    /** Another kind of report: a complaint (RFC 5965), an authentication failure (RFC 6591) or a TLS report. */
    OTHER_REPORT("other report", Place.STRUCTURE, 0, "RFC 6522 section 3"),
    /** An enclosed message that is itself a bounce: bounces are never bounced, so this is a forwarded or archived one. */
    ENCLOSED_BOUNCE("enclosed bounce", Place.STRUCTURE, 0, "RFC 5321 section 6.1"),
    /** The parts of a report in a message that a person's mail program introduces as forwarded. */
    FORWARDED("forwarded", Place.TEXT, 0, "Thunderbird, Apple Mail, Outlook, Gmail"),
    /** A journal report: an archived copy of a message. */
    JOURNAL_REPORT("journal report", Place.FIELD, 0, "Exchange"),
    /** A calendar message, such as the reply to an invitation. */
    CALENDAR("calendar", Place.STRUCTURE, 0, "RFC 5546, RFC 6047");

    /** The place in a message that a mark comes from. Two marks in one place are not independent, except structure. */
    enum Place {
        STRUCTURE,
        FIELD,
        FROM,
        SUBJECT,
        TEXT
    }

    private final String text;
    final Place place;
    private final int weight;
    private final String source;

    ContentMark(String text, Place place, int weight, String source) {
        this.text = text;
        this.place = place;
        this.weight = weight;
        this.source = source;
    }

    /** {@return the name as {@code bounce classify} prints it} */
    public String text() {
        return text;
    }

    /** {@return the weight as evidence of a bounce; 0 if it is evidence of another kind} */
    public int weight() {
        return weight;
    }

    /** {@return the document or the products in which the mark is found} */
    public String source() {
        return source;
    }
}
