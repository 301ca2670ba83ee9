package org.senderauth.callout.reply;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.senderauth.core.SafeText;

/**
 * The text of a reply in the form that the rules match. A row matches regardless of the names, addresses, case, accents and
 * line breaks of a reply. Immutable.
 *
 * <p>Lower case, without accents, apostrophes and enhanced status codes, one space between words. {@code @} replaces an
 * email address, {@code %} an IP address, {@code ~} a host name or a URL, followed by {@code blocklistname} if that is a
 * block list's; {@code nullsender} an empty pair of angle brackets, {@code rcptrejected} Postfix's prefix. A separate full
 * stop ends a sentence.
 *
 * @param words the text in that form
 * @param codes the enhanced status codes of the reply's class
 * @param contradicted a permanent reply code with an enhanced status code of a temporary failure
 */
record ReplyText(String words, List<EnhancedStatusCode> codes, boolean contradicted) {

    /** The maximum of characters, before and after each replacement. The longest known reply has a third of it. */
    static final int MAX_LENGTH = 1024;

    /** The maximum of different enhanced status codes. */
    static final int MAX_CODES = 8;

    private static final Pattern URL = Pattern.compile("(?:https?://|www\\.)[^\\s<>\"]+");

    private static final String MAILBOX_CHARACTER = "[^\\s<>()\\[\\]{}:;,\"']";

    // Starts where no such character precedes: a long word without an @ is read once, not once for each character.
    private static final Pattern EMAIL = Pattern.compile(
            "(?<!" + MAILBOX_CHARACTER + ")(?:\"[^\"]{1,64}\"|'[^'\\s]{1,64}'|" + MAILBOX_CHARACTER + "+(?:'"
                    + MAILBOX_CHARACTER + "+){0,2})@(?:\\[[0-9a-fipv.:]{1,50}\\]|" + MAILBOX_CHARACTER + "+)");

    private static final Pattern IPV4 = Pattern.compile("(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?!\\d|\\.\\d)");

    private static final Pattern IPV6 = Pattern.compile(
            "(?<![0-9a-z:])(?!\\d\\d:\\d\\d:\\d\\d(?![0-9a-f:]))(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-z:])");

    // At most 127 labels (RFC 1035 section 2.3.4), and each is read once.
    // Two letters of a word after a missing space are not a top-level domain: "not found.No such user".
    private static final Pattern HOST = Pattern.compile(
            "(?<![a-z0-9._-])(?:[a-z0-9_-]++\\.){1,127}"
                    + "(?:com|net|org|edu|gov|mil|int|biz|info|arpa|local|localdomain|lan|internal|corp|cloud|email|example|test|invalid"
                    + "|(?!(?:to|i[fnst]|no|m[ey]|[bhw]e|a[nst]|by|[dgs]o|u[ps]|o[nr])\\b)[a-z]{2})\\b\\.?(?![a-z0-9-])(?:/[^\\s<>\"]*)?");

    // Postfix starts every rejection of a recipient with this, whatever the reason, which follows (smtpd_check.c).
    private static final Pattern POSTFIX_PREFIX =
            Pattern.compile("(?:<?@>?: ?)?recipient address(?:es)? rejected ?: ?(?=\\S)");

    // The host that was asked for the answer that follows: Postfix ("host a.example[192.0.2.1] said: 550"), Exim.
    private static final Pattern HOST_SAID = Pattern.compile("\\bhost\\s+[~%]\\s*\\[%\\]\\s*said ?:");

    private static final Pattern RESPONSE_WAS =
            Pattern.compile("\\bresponse to \"?rcpt to: ?<?@>?\"? from\\s+[~%]\\s*\\[%\\]\\s*was ?:");

    private static final Pattern BLOCKLIST_NAME = Pattern.compile("openspf|spamhaus|spamcop|dnsbl|rbl\\b|sorbs|abusix"
            + "|barracudacentral|senderbase|senderscore|uceprotect|blocklist|blacklist|reputation");

    // Fields that some servers add to every reply: "ip=192.0.2.22 helo=<mx.example.org>", "[token IP: 192.0.2.22]"
    // (QQ).
    private static final Pattern SESSION_FIELDS =
            Pattern.compile("\\b(?:from|to|proto|helo|ip|client)=<?[^\\s;,)>\\]]*>?");

    private static final Pattern SESSION_INFO = Pattern.compile("\\[[^\\[\\]]{0,40}ip: ?%\\]");

    // "l'utente", "dell'adresse": the article is a word of its own, other than the "n" of "n'existe".
    private static final Pattern ELISION =
            Pattern.compile("(?<!\\p{L})(l|d|un|dell|nell|dall|all|quell)['’`´](?=\\p{L})");

    private static final Pattern APOSTROPHE = Pattern.compile("['’`´]");

    private static final Pattern SENTENCE_END = Pattern.compile("[.;!?|。！？；]+");

    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}@%~.]+");

    private static final String NO_SPACES = "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]";

    // In scripts without spaces Latin words have none either: "IP" is a word there as well.
    private static final Pattern SCRIPT_CHANGE =
            Pattern.compile("(?<=[a-z0-9])(?=" + NO_SPACES + ")|(?<=" + NO_SPACES + ")(?=[a-z0-9])");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    /**
     * Returns the form of a reply.
     *
     * @throws ReplyTooLongException if it is longer than any real reply, in any step of this
     */
    static ReplyText of(ServerReply reply) {
        String text = limited(fold(limited(reply.text())));
        text = replaced(text, "=", SESSION_FIELDS, " ");
        text = name(URL, text);
        text = replaced(text, "@", EMAIL, "@");
        text = limited(text.replace("<>", " nullsender "));
        List<EnhancedStatusCode> all = EnhancedStatusCode.findAll(text);
        if (all.size() > MAX_CODES) {
            throw new ReplyTooLongException();
        }
        text = SPACES.matcher(EnhancedStatusCode.ANYWHERE.matcher(text).replaceAll(" "))
                .replaceAll(" ");
        text = replaced(text, ".", IPV4, "%");
        text = replaced(text, ":", IPV6, "%");
        text = replaced(text, "ip:", SESSION_INFO, " ");
        text = name(HOST, text);
        text = replaced(text, "host", HOST_SAID, " . ");
        text = replaced(text, "response", RESPONSE_WAS, " . ");
        text = replaced(text, "recipient address", POSTFIX_PREFIX, " rcptrejected ");
        text = ELISION.matcher(text).replaceAll("$1 ");
        text = APOSTROPHE.matcher(text).replaceAll("");
        text = SENTENCE_END.matcher(text).replaceAll(" . ");
        text = SCRIPT_CHANGE.matcher(text).replaceAll(" ");
        text = limited(NOT_A_WORD.matcher(text).replaceAll(" ").strip());
        int replyClass = reply.code() / 100;
        return new ReplyText(
                text,
                all.stream().filter(code -> code.statusClass() == replyClass).toList(),
                replyClass == 5 && all.stream().anyMatch(code -> code.statusClass() == 4));
    }

    // Most texts lack what a pattern needs: that is seen faster than a search.
    private static String replaced(String text, String needed, Pattern pattern, String replacement) {
        return text.contains(needed) ? pattern.matcher(text).replaceAll(replacement) : text;
    }

    private static String limited(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ReplyTooLongException();
        }
        return text;
    }

    /** Returns a text in lower case, without accents. */
    static String fold(String text) {
        return unaccented(text.replace('Σ', 'σ').toLowerCase(Locale.ROOT));
    }

    /** Returns a text without accents; the rules write words with or without them. */
    static String unaccented(String text) {
        if (SafeText.isAscii(text)) {
            return text;
        }
        return unmarked(Normalizer.normalize(unmarked(text), Normalizer.Form.NFKD))
                .replace('ς', 'σ')
                .replace('ł', 'l')
                .replace('ø', 'o')
                .replace('đ', 'd')
                .replace('ı', 'i')
                .replace("ß", "ss")
                .replace("æ", "ae");
    }

    // Once before too: to put many marks of one letter in order takes the square of their number.
    private static String unmarked(String text) {
        return MARKS.matcher(text).replaceAll("");
    }

    private static String name(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(found -> BLOCKLIST_NAME.matcher(found.group()).find() ? " ~ blocklistname " : " ~ ");
    }
}
