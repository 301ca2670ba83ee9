package org.senderauth.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;

/** The names at which CSA records are looked for. */
final class CsaNames {

    /** The deepest level at which a parent's assertion is looked for (draft-ietf-marid-csv-csa-02 section 6). */
    static final int DEEPEST_PARENT = 6;

    /** The number of parents that are queried in reverse DNS, as Exim does: /8, /16 and /24, or /16, /32 and /48. */
    static final int REVERSE_PARENTS = 3;

    private static final int NIBBLES_PER_STEP = 4;
    private static final Name PREFIX = Name.fromConstantString(CsaRecord.OWNER_PREFIX);
    private static final Name IPV4_TREE = DomainNames.of("in-addr.arpa");
    private static final Name IPV6_TREE = DomainNames.of("ip6.arpa");

    private CsaNames() {}

    /** The owner name of the record of a name; nothing if that would be longer than a name can be. */
    static Optional<Name> owner(Name domain) {
        try {
            return Optional.of(Name.concatenate(PREFIX, domain));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }

    /** The parents of a name that may want explicit records, the topmost first; never a top-level domain. */
    static List<Name> parents(Name domain) {
        int labels = level(domain);
        int top = 1;
        int step = 1;
        int count = DEEPEST_PARENT - 1;
        if (domain.subdomain(IPV4_TREE) || domain.subdomain(IPV6_TREE)) {
            top = 2;
            step = domain.subdomain(IPV6_TREE) ? NIBBLES_PER_STEP : 1;
            count = REVERSE_PARENTS;
        }
        List<Name> parents = new ArrayList<>(count);
        for (int level = top + step; level < labels && parents.size() < count; level += step) {
            parents.add(new Name(domain, labels - level));
        }
        return parents;
    }

    /** The level of a name: 0 for the root, 1 for a top-level domain. */
    static int level(Name name) {
        return name.labels() - 1;
    }

    /** Tests whether a zone is so high that NXDOMAIN from it means that the domain itself does not exist. */
    static boolean isRegistry(Name zone) {
        return level(zone) <= 1 || zone.equals(IPV4_TREE) || zone.equals(IPV6_TREE);
    }
}
