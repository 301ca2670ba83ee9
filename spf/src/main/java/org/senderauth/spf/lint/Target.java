package org.senderauth.spf.lint;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.xbill.DNS.Name;

/** The name that a term asks for, as far as it is known before any client comes. */
sealed interface Target {

    /** The same name for everybody. */
    record Known(Name name) implements Target {}

    /** A name that depends on the client or the sender. */
    record Unknown() implements Target {}

    /** A text that is no domain name, such as one with a label of 64 octets. */
    record Malformed() implements Target {}

    /** The target of a term that stands at a name; without a domain of its own the name itself. */
    static Target of(@Nullable DomainSpec domain, Name current) {
        if (domain == null) {
            return new Known(current);
        }
        StringBuilder text = new StringBuilder();
        for (MacroString.Part part : domain.macros().parts()) {
            if (part instanceof MacroString.Literal literal) {
                text.append(literal.text());
            } else if (part instanceof MacroString.Escape escape) {
                text.append(escape.text());
            } else if (part instanceof MacroString.Macro macro
                    && (macro.letter() == 'd' || macro.letter() == 'D')
                    && macro.isPlain()) {
                text.append(DomainNames.text(current));
            } else {
                return new Unknown();
            }
        }
        Optional<Name> name = DomainNames.parse(text.toString());
        return name.isPresent() ? new Known(name.get()) : new Malformed();
    }
}
