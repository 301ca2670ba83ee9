package org.senderauth.spf.lint;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cost of one term in the worst case: for a client that matches no term. Terms without DNS queries are left out.
 * Immutable.
 */
public final class LookupCost {

    private final String term;
    private final int lookups;
    private final int voidsIp4;
    private final int voidsIp6;
    private final String remark;
    private final List<LookupCost> children;

    LookupCost(String term, int lookups, int voidsIp4, int voidsIp6, String remark, List<LookupCost> children) {
        this.children = List.copyOf(children);
        this.term = term;
        this.lookups = lookups;
        this.voidsIp4 = voidsIp4;
        this.voidsIp6 = voidsIp6;
        this.remark = remark;
    }

    /** {@return the term as written; of the root, the domain} */
    public String term() {
        return term;
    }

    /** {@return the DNS lookups of this term and those below it (RFC 7208 section 4.6.4: at most 10 in all)} */
    public int lookups() {
        return lookups;
    }

    /** {@return the void lookups of an IPv4 client, each query counted, here and below (at most 2 in all)} */
    public int voidsIp4() {
        return voidsIp4;
    }

    /** {@return the same for an IPv6 client} */
    public int voidsIp6() {
        return voidsIp6;
    }

    /** {@return a remark on the DNS answers; empty if there is none} */
    public String remark() {
        return remark;
    }

    /** {@return the terms of an included record or redirect target} */
    public List<LookupCost> children() {
        return children;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LookupCost that
                && term.equals(that.term)
                && lookups == that.lookups
                && voidsIp4 == that.voidsIp4
                && voidsIp6 == that.voidsIp6
                && remark.equals(that.remark)
                && children.equals(that.children);
    }

    @Override
    public int hashCode() {
        return Objects.hash(term, lookups, voidsIp4, voidsIp6, remark, children);
    }

    @Override
    public String toString() {
        return "LookupCost[term=" + term + ", lookups=" + lookups + ", voidsIp4=" + voidsIp4 + ", voidsIp6=" + voidsIp6
                + ", remark=" + remark + ", children=" + children + "]";
    }
}
