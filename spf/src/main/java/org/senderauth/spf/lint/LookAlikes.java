package org.senderauth.spf.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.SpfParser;

/** TXT records that were meant to be SPF records and are none: receivers pass them over. */
final class LookAlikes {

    // Sender ID ("spf2.0/...") is something else, and no mistake.
    private static final Pattern MEANT = Pattern.compile("(?is)[^a-z0-9]{0,8}v[ =:]{0,3}\"?spf ?\\.?[0-9]?.*");
    private static final Pattern VERSION = Pattern.compile("(?is)(v=spf1)([^ ].*)");

    private LookAlikes() {}

    /** What keeps a text from being a record; null if it is one, or was never meant to be. */
    static @Nullable Diagnosis diagnose(String text) {
        if (SpfParser.isSpf(text) || !MEANT.matcher(text).matches()) {
            return null;
        }
        String ignored = "receivers do not take this for an SPF record: ";
        Diagnosis odd = OddCharacters.find(SyntaxRules.wordAt(text, 0).of(text));
        if (odd != null) {
            return new Diagnosis(LintRule.LOOK_ALIKE_RECORD, odd.start(), odd.end(), ignored + odd.reason(), odd.fix());
        }
        if (text.startsWith("\"") || text.startsWith("'")) {
            return new Diagnosis(
                    LintRule.LOOK_ALIKE_RECORD,
                    0,
                    1,
                    ignored + "the quotation marks are part of its text",
                    "publish it without them; in a zone file they surround a string, in a provider's form they do not");
        }
        if (text.startsWith(" ")) {
            return new Diagnosis(
                    LintRule.LOOK_ALIKE_RECORD,
                    0,
                    1,
                    ignored + "it starts with a blank",
                    "publish it without the blank");
        }
        Matcher version = VERSION.matcher(text);
        if (version.matches()) {
            return new Diagnosis(
                    LintRule.LOOK_ALIKE_RECORD,
                    version.start(2),
                    version.start(2) + 1,
                    ignored + "no blank follows the version",
                    "write \"v=spf1\", a blank, and the terms with blanks between them");
        }
        return new Diagnosis(
                LintRule.LOOK_ALIKE_RECORD,
                0,
                SyntaxRules.wordAt(text, 0).end(),
                ignored + "it does not start with \"v=spf1\"",
                "write \"v=spf1\", a blank, and the terms");
    }
}
