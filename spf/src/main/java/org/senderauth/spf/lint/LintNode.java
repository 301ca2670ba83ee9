package org.senderauth.spf.lint;

import java.util.List;

/**
 * What one term costs in the worst case: for a client that nothing matches. Terms that ask nothing are left out.
 * Immutable.
 *
 * @param term the term as written; of the root, the domain
 * @param lookups the terms that ask the DNS, this one and those below it (RFC 7208 section 4.6.4: at most 10 in all)
 * @param voidsIp4 the questions of an IPv4 client's check that meet an empty answer, here and below (at most 2 in all)
 * @param voidsIp6 the same for an IPv6 client
 * @param remark what came back, for a person; empty if there is nothing to say
 * @param children the terms of the record that an include or redirect leads to
 */
public record LintNode(String term, int lookups, int voidsIp4, int voidsIp6, String remark, List<LintNode> children) {

    /**
     * Makes a node; the list is copied.
     *
     * @param term the term as written
     * @param lookups the lookups here and below
     * @param voidsIp4 the empty answers of an IPv4 client's check, here and below
     * @param voidsIp6 the same for an IPv6 client
     * @param remark what came back
     * @param children the terms below
     */
    public LintNode {
        children = List.copyOf(children);
    }
}
