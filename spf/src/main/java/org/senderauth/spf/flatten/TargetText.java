package org.senderauth.spf.flatten;

import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.xbill.DNS.Name;

/** The text of a domain-spec with the current domain filled in. */
final class TargetText {

    private TargetText() {}

    /**
     * Returns a domain-spec that means the same in a record of another domain; null if there is none, since a macro uses a
     * part of the current domain.
     */
    static @Nullable String moved(DomainSpec domain, Name current) {
        StringBuilder text = new StringBuilder();
        int from = domain.span().start();
        int at = 0;
        for (MacroString.Part part : domain.macros().parts()) {
            if (part instanceof MacroString.Macro macro) {
                if (macro.isCurrentDomain()) {
                    text.append(domain.text(), at, macro.span().start() - from).append(DomainNames.text(current));
                    at = macro.span().end() - from;
                } else if (macro.letter() == 'd' || macro.letter() == 'p') {
                    return null;
                }
            }
        }
        return text.append(domain.text(), at, domain.text().length()).toString();
    }
}
