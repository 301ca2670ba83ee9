package org.senderauth.spf.flatten;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.NetworkSet;

/** The networks that a record and all that it refers to authorize. Immutable. */
public final class AuthorizedNetworks {

    private final String domain;
    private final List<Entry> terms;
    private final NetworkSet authorized;
    private final List<Entry> dynamic;
    private final String end;

    AuthorizedNetworks(String domain, List<Entry> terms, NetworkSet authorized, List<Entry> dynamic, String end) {
        this.terms = List.copyOf(terms);
        this.dynamic = List.copyOf(dynamic);
        this.domain = domain;
        this.authorized = authorized;
        this.end = end;
    }

    /** {@return the domain} */
    public String domain() {
        return domain;
    }

    /** {@return the terms with addresses, in the order of evaluation} */
    public List<Entry> terms() {
        return terms;
    }

    /** {@return the addresses whose result is pass, as far as it depends on the client's address alone} */
    public NetworkSet authorized() {
        return authorized;
    }

    /** {@return the terms that depend on the sender or on DNS queries about the client, as written} */
    public List<Entry> dynamic() {
        return dynamic;
    }

    /** {@return the result of other clients} */
    public String end() {
        return end;
    }

    /**
     * One term.
     *
     * @param path the include path from the domain to the record of the term
     * @param term the term as written, or the include that refers to it if that does not authorize
     * @param networks its addresses; of a dynamic term those that match in any case, if there are some
     */
    public record Entry(List<String> path, String term, NetworkSet networks) {

        /** Creates an entry; the list is copied. */
        public Entry {
            path = List.copyOf(path);
        }
    }

    /** The networks, or the reason why there are none. */
    public sealed interface Outcome permits Found, Unusable {}

    /**
     * The networks of a domain.
     *
     * @param networks the networks
     */
    public record Found(AuthorizedNetworks networks) implements Outcome {}

    /**
     * A record that cannot be evaluated.
     *
     * @param reason the reason, on one line of printable ASCII
     * @param temporary whether a DNS lookup failed, so that a later attempt may succeed
     */
    public record Unusable(String reason, boolean temporary) implements Outcome, FlattenOutcome {}

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuthorizedNetworks that
                && domain.equals(that.domain)
                && terms.equals(that.terms)
                && authorized.equals(that.authorized)
                && dynamic.equals(that.dynamic)
                && end.equals(that.end);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, terms, authorized, dynamic, end);
    }

    @Override
    public String toString() {
        return "AuthorizedNetworks[domain=" + domain + ", terms=" + terms + ", authorized=" + authorized + ", dynamic="
                + dynamic + ", end=" + end + "]";
    }
}
