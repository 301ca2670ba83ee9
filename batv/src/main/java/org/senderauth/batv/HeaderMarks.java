package org.senderauth.batv;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The marks in the header of a message: From, Subject and the fields of bounces and automatic replies. */
final class HeaderMarks {

    private static final PhraseSet SUBJECT = PhraseSet.of("subject");
    private static final PhraseSet SUBJECT_PREFIX = PhraseSet.of("subject prefix");
    private static final PhraseSet NOTICE_SUBJECT = PhraseSet.of("notice subject");
    private static final PhraseSet AUTO_SUBJECT = PhraseSet.of("auto-reply subject");
    private static final PhraseSet DAEMON = PhraseSet.of("daemon");
    private static final PhraseSet POSTMASTER = PhraseSet.of("postmaster");
    private static final PhraseSet ADMINISTRATOR = PhraseSet.of("administrator");
    private static final PhraseSet PROGRAM = PhraseSet.of("program");

    /** The marks that gateways and spam filters write before a subject, such as {@code [Postmaster]} or {@code ***SPAM***}. */
    private static final Pattern LABEL =
            Pattern.compile("^(?:\\[[^\\]]{1,30}\\]|\\*{2,10}[^*]{1,30}\\*{2,10}|<[^>]{1,30}>)[ :]*");

    /** The prefixes of mail programs before the subject of a forwarded message. */
    private static final Pattern FORWARDED = Pattern.compile("^(?:fwd?|wg|tr|rv|enc|vs|doorst) ?:");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private HeaderMarks() {}

    static Set<ContentMark> marks(HeaderFields header) {
        Set<ContentMark> marks = EnumSet.noneOf(ContentMark.class);
        subject(normalized(header.first("subject")), marks);
        from(header.first("from"), marks);
        if (header.has("x-failed-recipients")) {
            marks.add(ContentMark.FAILED_RECIPIENTS);
        }
        // auto-generated and auto-notified are not replies (RFC 3834 section 5, RFC 5436)
        if (header.first("auto-submitted").strip().toLowerCase(Locale.ROOT).startsWith("auto-replied")) {
            marks.add(ContentMark.AUTO_REPLIED);
        }
        if (header.first("precedence").strip().equalsIgnoreCase("auto_reply")
                || header.has("x-autoreply")
                || header.has("x-autoreply-from")
                || header.has("x-mail-autoreply")
                || header.has("x-autorespond")) {
            marks.add(ContentMark.AUTO_FIELD);
        }
        if (header.has("list-id") || header.has("list-post") || header.has("list-unsubscribe")) {
            marks.add(ContentMark.LIST_FIELD);
        }
        if (header.has("x-ms-journal-report")) {
            marks.add(ContentMark.JOURNAL_REPORT);
        }
        return marks;
    }

    static boolean isForwarded(HeaderFields header) {
        return FORWARDED.matcher(normalized(header.first("subject"))).find();
    }

    private static void subject(String subject, Set<ContentMark> marks) {
        String rest = subject;
        if (subject.startsWith("[") || subject.startsWith("*") || subject.startsWith("<")) {
            Matcher label = LABEL.matcher(subject);
            rest = label.find() ? subject.substring(label.end()) : subject;
        }
        // Exim: Message 1tAbCd-000123-4E frozen
        if (NOTICE_SUBJECT.isIn(rest) || rest.startsWith("message ") && rest.endsWith(" frozen")) {
            marks.add(ContentMark.NOTICE_SUBJECT);
        } else if (AUTO_SUBJECT.begins(rest)) {
            marks.add(ContentMark.AUTO_SUBJECT);
        } else if (SUBJECT.begins(rest)) {
            marks.add(ContentMark.SUBJECT);
        } else if (SUBJECT_PREFIX.begins(rest)) {
            marks.add(ContentMark.SUBJECT_PREFIX);
        }
    }

    private static void from(String field, Set<ContentMark> marks) {
        String from = normalized(field);
        int bracket = from.lastIndexOf('<');
        String name = bracket < 0 ? "" : unquoted(from.substring(0, bracket));
        String address = from.substring(bracket + 1).strip();
        int comment = address.indexOf('(');
        // The old form: MAILER-DAEMON@example.net (Mail Delivery System)
        String remark = comment < 0 ? "" : unquoted(address.substring(comment + 1));
        // The domain does not count: people write from domains that are named after mail servers.
        int at = address.indexOf('@');
        String local = at < 0 ? address : address.substring(0, at);
        String all = name + ' ' + local + ' ' + remark;
        if (DAEMON.isIn(all)) {
            marks.add(ContentMark.FROM_DAEMON);
        } else if (POSTMASTER.isIn(all) || begins(ADMINISTRATOR, name, address, remark)) {
            marks.add(ContentMark.FROM_POSTMASTER);
        } else if (at < 1 || begins(PROGRAM, name, address, remark)) {
            marks.add(ContentMark.FROM_PROGRAM);
        }
    }

    private static boolean begins(PhraseSet phrases, String name, String address, String remark) {
        return phrases.begins(name) || phrases.begins(unquoted(address)) || phrases.begins(remark);
    }

    private static String unquoted(String text) {
        int start = 0;
        while (start < text.length() && "\"'(<[ ".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return text.substring(start);
    }

    /** Decoded, in lower case, with single spaces. */
    private static String normalized(String field) {
        String decoded = EncodedText.field(field).strip();
        boolean single = decoded.indexOf('\t') < 0 && !decoded.contains("  ");
        return (single ? decoded : SPACE.matcher(decoded).replaceAll(" ")).toLowerCase(Locale.ROOT);
    }
}
