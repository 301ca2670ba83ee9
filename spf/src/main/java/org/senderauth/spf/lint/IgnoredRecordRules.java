package org.senderauth.spf.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.SpfParser;

/** Finds TXT records that were meant to be SPF records but that receivers ignore. */
final class IgnoredRecordRules {

    // Sender ID ("spf2.0/...") is something else, and no mistake.
    private static final Pattern MEANT =
            Pattern.compile("(?is)[^a-z0-9]{0,8}v[ =:-]{0,3}\"?(?:spf|sfp|psf) ?\\.?[0-9]?.*"
                    // Without "v=", only what goes on like a record: prose may begin with "SPF".
                    + "|spf1 +[+?~-]?(?:all|a|mx|ptr|include:|ip4:|ip6:|exists:|redirect=).*");
    // A whole line of a zone file, or the name of a form's field, before the record.
    private static final Pattern PRECEDED = Pattern.compile(
            "(?is)((?:.{0,300}\\bTXT[ \\t][( \\t]*+|spf[0-9]?[ \\t]*+[:=][ \\t]*+)\"?)v=spf1(?:[ \"].*)?");
    private static final Pattern VERSION = Pattern.compile("(?is)(v=spf1)([^ ].*)");

    private IgnoredRecordRules() {}

    /** Returns why receivers ignore a text; null if it is a record, or was not meant to be one. */
    static @Nullable Suggestion diagnose(String text) {
        if (SpfParser.isSpf(text)) {
            return null;
        }
        String ignored = "receivers ignore this record: ";
        Matcher preceded = PRECEDED.matcher(text);
        if (preceded.matches()) {
            return new Suggestion(
                    LintRule.IGNORED_RECORD,
                    0,
                    preceded.end(1),
                    ignored + "other text precedes \"v=spf1\"",
                    "publish only the text that starts with \"v=spf1\", without quotation marks");
        }
        if (!MEANT.matcher(text).matches()) {
            return null;
        }
        Suggestion odd = CharacterRules.find(SyntaxRules.wordAt(text, 0).of(text));
        if (odd != null) {
            return new Suggestion(LintRule.IGNORED_RECORD, odd.start(), odd.end(), ignored + odd.reason(), odd.fix());
        }
        if (text.startsWith("\"") || text.startsWith("'")) {
            return new Suggestion(
                    LintRule.IGNORED_RECORD,
                    0,
                    1,
                    ignored + "the quotation marks are part of it",
                    "publish it without them; only zone files have quotation marks around a string");
        }
        if (text.startsWith(" ")) {
            return new Suggestion(
                    LintRule.IGNORED_RECORD, 0, 1, ignored + "it starts with a space", "remove the space");
        }
        Matcher version = VERSION.matcher(text);
        if (version.matches()) {
            return new Suggestion(
                    LintRule.IGNORED_RECORD,
                    version.start(2),
                    version.start(2) + 1,
                    ignored + "no space after \"v=spf1\"",
                    "write \"v=spf1\", a space, and the terms separated by spaces");
        }
        return new Suggestion(
                LintRule.IGNORED_RECORD,
                0,
                SyntaxRules.wordAt(text, 0).end(),
                ignored + "it does not start with \"v=spf1\"",
                "write \"v=spf1\", a space, and the terms");
    }
}
