package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.spf.syntax.SpfParse;

/** All that can be said about one record from its text alone. */
final class RecordRules {

    private RecordRules() {}

    /**
     * Applies every rule that needs no DNS.
     *
     * @param parse the record
     * @param borders where its TXT strings meet
     * @param findings takes what is found
     */
    static void check(SpfParse parse, List<Integer> borders, RecordFindings findings) {
        SyntaxRules.check(parse, borders, findings);
        TermRules.check(parse, findings);
        NetworkRules.check(parse, findings);
        SizeRules.check(parse.text(), findings);
    }
}
