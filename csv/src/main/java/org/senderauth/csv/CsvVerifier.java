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
import org.senderauth.core.ObserverGuard;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.xbill.DNS.Name;

/**
 * Certified Server Validation: checks that a client is authorized to use its HELO name (CSA), which services accredit the
 * name (DNA), and which channel a mail domain requires (MPR).
 *
 * <pre>{@code
 * CsvVerifier csv = CsvVerifier.create();
 * CsvResult result = csv.verify(CsvQuery.of(clientIp, "mail.example.org"));
 * result.verdict(); result.reason(); result.csa().lookups(); result.smtpReply(); result.authResult();
 * }</pre>
 *
 * <p>It only reports: {@link CsvResult#rejects} is false unless {@link Builder#enforce} or {@link Builder#enforceRating} is
 * set. No answer of the DNS causes an exception. A check sends at most {@value #MAX_CSA_QUERIES} queries for CSA, and for DNA
 * one and one for each trusted service.
 *
 * <p>Immutable and thread-safe. There is no cache here: the default DNS client caches answers for their TTL.
 */
public final class CsvVerifier {

    /** The maximum number of queries of one CSA check: the record, then the targets or (fewer) the parents. */
    public static final int MAX_CSA_QUERIES = 1 + CsaCheck.MAX_TARGETS;

    private final DnsClient dns;
    private final CsaMode mode;
    private final boolean reverseTree;
    private final List<DnaService> services;
    private final Set<CsaVerdict> enforced;
    private final boolean ratingEnforced;
    private final List<Name> forwarders;
    private final ReturnPathVerifier returnPaths;
    private final CsvObserver observer;

    private CsvVerifier(Builder builder) {
        this.dns =
                builder.dns == null ? CachingDnsClient.of(ResolverDnsClient.system()) : DnsClient.guarded(builder.dns);
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
     * Creates a verifier that uses the system's resolvers, trusts no accreditation service and only reports.
     */
    public static CsvVerifier create() {
        return builder().build();
    }

    /**
     * Returns a builder with the defaults of {@link #create}.
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a client and waits for the result.
     *
     * @param query the client and its HELO
     * @return the result
     */
    public CsvResult verify(CsvQuery query) {
        return verifyAsync(query).join();
    }

    /**
     * Checks a client without waiting.
     *
     * @param query the client and its HELO
     * @return the result; it never completes exceptionally, since a failure of the DNS is a result
     */
    public CompletableFuture<CsvResult> verifyAsync(CsvQuery query) {
        return csa(query).thenCompose(csa -> {
            Name domain = csa.domain().orElse(null);
            return csa.verdict() == CsaVerdict.PASS && domain != null && !services.isEmpty()
                    ? accreditation(domain).thenApply(dna -> result(csa, dna))
                    : CompletableFuture.completedFuture(result(csa, DnaResult.NOT_ASKED));
        });
    }

    /**
     * Queries the trusted services for a name, whether or not a client is authorized to use it.
     *
     * @param domain the name
     * @return their reports; a failure of the DNS counts as no report. It never completes exceptionally
     */
    public CompletableFuture<DnaResult> accreditation(Name domain) {
        return new DnaCheck(new LookupLog(dns), domain, services).find();
    }

    /**
     * Compares a message with the mail policy (MPR) of a domain that it names. This never rejects: see {@link
     * MprResult#smtpReply}.
     *
     * @param query the identity, and the session's HELO check
     * @return the result; it never completes exceptionally, since a failure of the DNS is a result
     */
    public CompletableFuture<MprResult> mailPolicy(MprQuery query) {
        LookupLog questions = new LookupLog(dns);
        return new MprCheck(questions, query, forwarders, returnPaths)
                .find()
                .thenApply(finding -> new MprResult(finding, questions.lookups()));
    }

    private CompletableFuture<CsaResult> csa(CsvQuery query) {
        CheckedName subject = CheckedName.of(query, mode, reverseTree);
        if (subject instanceof CheckedName.Named named) {
            LookupLog questions = new LookupLog(dns);
            CompletableFuture<CsaOutcomeDetail> finding = mode == CsaMode.EXIM
                    ? new EximCsaCheck(questions, named).find()
                    : new CsaCheck(questions, named).find();
            return finding.thenApply(found -> new CsaResult(query, named.domain(), found, questions.lookups()));
        }
        CsaOutcomeDetail finding = ((CheckedName.Unnamed) subject).finding();
        return CompletableFuture.completedFuture(new CsaResult(query, null, finding, List.of()));
    }

    private CsvResult result(CsaResult csa, DnaResult dna) {
        boolean rejects = enforced.contains(csa.verdict())
                || (ratingEnforced && dna.rating().isNegative());
        CsvResult result = new CsvResult(csa, dna, rejects);
        ObserverGuard.call(CsvObserver.class, () -> observer.checked(result));
        return result;
    }

    /** Collects the settings of a verifier. Not thread-safe; reusable after {@link #build}. */
    public static final class Builder {

        private @Nullable DnsClient dns;
        private CsaMode mode = CsaMode.RECOMMENDED;
        private @Nullable Boolean reverseTree;
        private final List<DnaService> services = new ArrayList<>();
        private final Set<CsaVerdict> enforced = EnumSet.noneOf(CsaVerdict.class);
        private boolean ratingEnforced;
        private final Set<Name> forwarders = new LinkedHashSet<>();
        private ReturnPathVerifier returnPaths = ReturnPathVerifier.NONE;
        private CsvObserver observer = CsvObserver.NONE;

        private Builder() {}

        /**
         * Sets the DNS client, usually one with a cache; by default the system's resolvers with a cache.
         *
         * @param dns the client
         */
        public Builder dns(DnsClient dns) {
            this.dns = Objects.requireNonNull(dns, "dns");
            return this;
        }

        /**
         * Sets the interpretation of the draft; by default {@link CsaMode#RECOMMENDED}.
         *
         * @param mode the mode
         */
        public Builder mode(CsaMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Sets whether a client that sends an address literal or no HELO is looked up in reverse DNS: an extension of Exim.
         * By default only {@link CsaMode#EXIM} does.
         *
         * @param reverseTree whether to look it up
         */
        public Builder reverseTree(boolean reverseTree) {
            this.reverseTree = reverseTree;
            return this;
        }

        /**
         * Trusts an accreditation service.
         *
         * @param service the service
         */
        public Builder trust(DnaService service) {
            services.add(Objects.requireNonNull(service, "service"));
            return this;
        }

        /**
         * Sets the verdicts that reject a client; none by default.
         *
         * @param verdicts FAIL verdicts
         * @throws IllegalArgumentException if one is not a failure: no other verdict may ever reject mail
         */
        public Builder enforce(Collection<CsaVerdict> verdicts) {
            for (CsaVerdict verdict : Objects.requireNonNull(verdicts, "verdicts")) {
                if (!verdict.isFailure()) {
                    throw new IllegalArgumentException("verdicts must be failures, was " + verdict);
                }
                enforced.add(verdict);
            }
            return this;
        }

        /**
         * Sets whether a negative rating of the trusted services rejects a client; false by default.
         *
         * @param enforceRating whether it does
         */
        public Builder enforceRating(boolean enforceRating) {
            this.ratingEnforced = enforceRating;
            return this;
        }

        /**
         * Trusts the clients that a domain lists in its APL record to forward mail of any domain (MPR).
         *
         * @param domain the forwarding domain
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder trustForwarder(String domain) {
            forwarders.add(DomainNames.require(domain, "trustForwarder"));
            return this;
        }

        /**
         * Sets the verifier of signed return paths (MPR); by default {@link ReturnPathVerifier#NONE}.
         *
         * @param returnPaths the verifier
         */
        public Builder returnPaths(ReturnPathVerifier returnPaths) {
            this.returnPaths = Objects.requireNonNull(returnPaths, "returnPaths");
            return this;
        }

        /**
         * Sets the observer; by default {@link CsvObserver#NONE}.
         *
         * @param observer the observer
         */
        public Builder observer(CsvObserver observer) {
            this.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * Builds the verifier.
         */
        public CsvVerifier build() {
            return new CsvVerifier(this);
        }
    }
}
