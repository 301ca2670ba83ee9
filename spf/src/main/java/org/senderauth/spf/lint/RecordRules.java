package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.spf.syntax.SpfParseResult;

/** The rules that need only the text of a record. */
final class RecordRules {

    private RecordRules() {}

    /**
     * Applies every rule that needs no DNS.
     *
     * @param parse the record
     * @param borders where its TXT strings meet
     * @param findings collects the findings
     */
    static void check(SpfParseResult parse, List<Integer> borders, RecordFindings findings) {
        SyntaxRules.check(parse, borders, findings);
        TermRules.check(parse, findings);
        NetworkRules.check(parse, findings);
        SizeRules.check(parse.text(), findings);
    }
}
