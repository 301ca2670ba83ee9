package org.senderauth.spf.lint;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.xbill.DNS.Name;

/** The name that a term queries, as far as it is known without a client. */
sealed interface TermTarget {

    /** The same name for every client. */
    record Known(Name name) implements TermTarget {}

    /** A name that depends on the client or the sender's local part. */
    record Unknown() implements TermTarget {}

    /** Not a valid domain name, such as one with a label of 64 bytes. */
    record Malformed() implements TermTarget {}

    /** Returns the target of a term of a record; without its own domain the name of the record. */
    static TermTarget of(@Nullable DomainSpec domain, RecordVisit visit) {
        if (domain == null) {
            return new Known(visit.name());
        }
        Optional<String> text =
                domain.textIn(DomainNames.text(visit.name()), visit.path().get(0));
        if (text.isEmpty()) {
            return new Unknown();
        }
        Optional<Name> name = DomainNames.parse(text.get());
        return name.isPresent() ? new Known(name.get()) : new Malformed();
    }
}
