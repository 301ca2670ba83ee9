package org.senderauth.spf.flatten;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.xbill.DNS.Name;

/** The text of a domain-spec with the current domain filled in. */
final class TargetText {

    private TargetText() {}

    /** Characters of a domain that are the same in a domain-spec. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]*");

    /**
     * Returns a domain-spec that means the same in a record of another domain; null if it uses <code>%{p}</code>, which
     * prefers names of the current domain, or if the domain has unusual characters.
     */
    static @Nullable String moved(DomainSpec domain, Name current) {
        StringBuilder text = new StringBuilder();
        int from = domain.span().start();
        int at = 0;
        for (MacroString.Part part : domain.macros().parts()) {
            if (part instanceof MacroString.Macro macro) {
                if (macro.letter() == 'd') {
                    StringBuilder expanded = new StringBuilder();
                    macro.expand(DomainNames.text(current), expanded);
                    if (!PLAIN.matcher(expanded).matches()) {
                        return null;
                    }
                    text.append(domain.text(), at, macro.span().start() - from).append(expanded);
                    at = macro.span().end() - from;
                } else if (macro.letter() == 'p') {
                    return null;
                }
            }
        }
        return text.append(domain.text(), at, domain.text().length()).toString();
    }
}
