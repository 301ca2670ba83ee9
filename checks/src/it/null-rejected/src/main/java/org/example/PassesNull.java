package org.example;

import org.jspecify.annotations.NullMarked;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;

/** Our packages are marked with JSpecify's NullMarked, so a checker of a user finds these calls. */
@NullMarked
final class PassesNull {

    private PassesNull() {}

    static SpfResult calls(SpfVerifier spf, SpfQuery query) {
        spf.verify(null);
        spf.verifyAsync(null);
        DomainNames.of(null);
        return spf.verify(query);
    }
}
