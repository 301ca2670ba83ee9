package org.senderauth.csv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.xbill.DNS.Name;

/**
 * Certified Server Validation: is a client entitled to its HELO name (CSA), who vouches for that name (DNA), and which
 * channel does a mail domain demand (MPR)?
 *
 * <pre>{@code
 * CsvVerifier csv = CsvVerifier.create();
 * CsvResult result = csv.verify(CsvQuery.of(clientIp, "mail.example.org"));
 * result.outcome(); result.reason(); result.csa().lookups(); result.reply(); result.authenticationResults();
 * }</pre>
 *
 * <p>It reports only: {@link CsvResult#rejects} is false unless {@link Builder#enforce} or {@link
 * Builder#enforceRating} was called. Nothing in the DNS can make it throw. A check asks at most {@value
 * #MAX_CSA_QUERIES} questions for CSA, and for DNA one and one for each trusted service.
 *
 * <p>Immutable and thread-safe. There is no cache here: the default DNS client keeps answers for their TTL, which for
 * one name and client is the least TTL of the answers.
 */
public final class CsvVerifier {

    /** Most questions of one CSA check: the record, and then either targets or, fewer, parents. */
    public static final int MAX_CSA_QUERIES = 1 + CsaCheck.MAX_TARGETS;

    private final DnsClient dns;
    private final CsaMode mode;
    private final boolean reverseTree;
    private final List<DnaService> services;
    private final Set<CsaOutcome> enforced;
    private final boolean ratingEnforced;
    private final List<Name> forwarders;
    private final ReturnPathVerifier returnPaths;
    private final CsvObserver observer;

    private CsvVerifier(Builder builder) {
        this.dns = builder.dns == null ? CachingDnsClient.over(ResolverDnsClient.ofSystem()) : builder.dns;
        this.mode = builder.mode;
        this.reverseTree = builder.reverseTree == null ? mode == CsaMode.EXIM : builder.reverseTree;
        this.services = List.copyOf(builder.services);
        this.enforced = Set.copyOf(builder.enforced);
        this.ratingEnforced = builder.ratingEnforced;
        this.forwarders = List.copyOf(builder.forwarders);
        this.returnPaths = builder.returnPaths;
        this.observer = builder.observer;
    }

    /**
     * A verifier that asks the system's resolvers, trusts no accreditation service and reports only.
     *
     * @return the verifier
     */
    public static CsvVerifier create() {
        return builder().build();
    }

    /**
     * Starts a verifier with the defaults of {@link #create}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a client, and waits for the result.
     *
     * @param query the client and its HELO
     * @return the result
     */
    public CsvResult verify(CsvQuery query) {
        return verifyAsync(query).join();
    }

    /**
     * Checks a client.
     *
     * @param query the client and its HELO
     * @return a future of the result; trouble in the DNS is a result
     */
    public CompletableFuture<CsvResult> verifyAsync(CsvQuery query) {
        return csa(query).thenCompose(csa -> {
            Name domain = csa.domain();
            return csa.outcome() == CsaOutcome.PASS && domain != null && !services.isEmpty()
                    ? accreditation(domain).thenApply(dna -> result(csa, dna))
                    : CompletableFuture.completedFuture(result(csa, DnaResult.NOT_ASKED));
        });
    }

    /**
     * Asks the trusted services about a name, whether or not a client may use it.
     *
     * @param domain the name
     * @return a future of what they say; trouble in the DNS counts as no report
     */
    public CompletableFuture<DnaResult> accreditation(Name domain) {
        return new DnaCheck(new Questions(dns), domain, services).find();
    }

    /**
     * Compares a message with the mail policy (MPR) of a domain that it names. Nothing is enforced here: see {@link
     * MprResult#reply}.
     *
     * @param query the identity, and the session's HELO check
     * @return a future of the result; trouble in the DNS is a result
     */
    public CompletableFuture<MprResult> mailPolicy(MprQuery query) {
        Questions questions = new Questions(dns);
        return new MprCheck(questions, query, forwarders, returnPaths)
                .find()
                .thenApply(finding -> new MprResult(finding, questions.lookups()));
    }

    private CompletableFuture<CsaResult> csa(CsvQuery query) {
        CsaSubject subject = CsaSubject.of(query, mode, reverseTree);
        if (subject instanceof CsaSubject.Named named) {
            Questions questions = new Questions(dns);
            CompletableFuture<CsaFinding> finding = mode == CsaMode.EXIM
                    ? new EximCsaCheck(questions, named).find()
                    : new CsaCheck(questions, named).find();
            return finding.thenApply(found -> new CsaResult(query, named.domain(), found, questions.lookups()));
        }
        CsaFinding finding = ((CsaSubject.Unnamed) subject).finding();
        return CompletableFuture.completedFuture(new CsaResult(query, null, finding, List.of()));
    }

    private CsvResult result(CsaResult csa, DnaResult dna) {
        boolean rejects = enforced.contains(csa.outcome())
                || (ratingEnforced && dna.rating().isNegative());
        CsvResult result = new CsvResult(csa, dna, rejects);
        try {
            observer.checked(result);
        } catch (RuntimeException e) {
            System.getLogger(CsvVerifier.class.getName())
                    .log(System.Logger.Level.WARNING, "an observer of CSV checks failed", e);
        }
        return result;
    }

    /** Collects what a verifier needs. Not thread-safe; may be used again after {@link #build}. */
    public static final class Builder {

        private @Nullable DnsClient dns;
        private CsaMode mode = CsaMode.RECOMMENDED;
        private @Nullable Boolean reverseTree;
        private final List<DnaService> services = new ArrayList<>();
        private final Set<CsaOutcome> enforced = EnumSet.noneOf(CsaOutcome.class);
        private boolean ratingEnforced;
        private final Set<Name> forwarders = new LinkedHashSet<>();
        private ReturnPathVerifier returnPaths = ReturnPathVerifier.NONE;
        private CsvObserver observer = CsvObserver.NONE;

        private Builder() {}

        /**
         * Whom to ask.
         *
         * @param dns a client, usually one with a cache; the system's resolvers behind a cache by default
         * @return this
         */
        public Builder dns(DnsClient dns) {
            this.dns = Objects.requireNonNull(dns, "dns");
            return this;
        }

        /**
         * Whose reading of the draft decides.
         *
         * @param mode the mode; {@link CsaMode#RECOMMENDED} by default
         * @return this
         */
        public Builder mode(CsaMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Whether a client that gives an address, or no HELO, is looked up in the reverse tree. The draft does not know
         * this extension of Exim.
         *
         * @param reverseTree true to look there; false by default, true by default in {@link CsaMode#EXIM}
         * @return this
         */
        public Builder reverseTree(boolean reverseTree) {
            this.reverseTree = reverseTree;
            return this;
        }

        /**
         * Trusts an accreditation service.
         *
         * @param service the service
         * @return this
         */
        public Builder trust(DnaService service) {
            services.add(Objects.requireNonNull(service, "service"));
            return this;
        }

        /**
         * Says which outcomes refuse a client; by default none does.
         *
         * @param outcomes FAIL outcomes
         * @return this
         * @throws IllegalArgumentException if one is not a failure: no other outcome may ever refuse mail
         */
        public Builder enforce(Collection<CsaOutcome> outcomes) {
            for (CsaOutcome outcome : outcomes) {
                if (!outcome.isFailure()) {
                    throw new IllegalArgumentException("only FAIL outcomes may be enforced, not " + outcome);
                }
                enforced.add(outcome);
            }
            return this;
        }

        /**
         * Lets a negative rating of the trusted services refuse a client; by default it does not.
         *
         * @return this
         */
        public Builder enforceRating() {
            this.ratingEnforced = true;
            return this;
        }

        /**
         * Trusts the clients that a domain lists in its APL record to forward mail of any domain (MPR).
         *
         * @param domain the forwarding domain
         * @return this
         * @throws IllegalArgumentException if it is no domain name
         */
        public Builder trustForwarder(String domain) {
            forwarders.add(DomainNames.of(domain));
            return this;
        }

        /**
         * Who verifies signed return paths (MPR).
         *
         * @param returnPaths the verifier; {@link ReturnPathVerifier#NONE} by default
         * @return this
         */
        public Builder returnPaths(ReturnPathVerifier returnPaths) {
            this.returnPaths = Objects.requireNonNull(returnPaths, "returnPaths");
            return this;
        }

        /**
         * Who is told of each check.
         *
         * @param observer the observer; {@link CsvObserver#NONE} by default
         * @return this
         */
        public Builder observer(CsvObserver observer) {
            this.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * The verifier.
         *
         * @return an immutable verifier
         */
        public CsvVerifier build() {
            return new CsvVerifier(this);
        }
    }
}
