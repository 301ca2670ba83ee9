package org.senderauth.server;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.CalloutVerifierBuilder;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DnsZone;
import org.senderauth.dns.DomainNames;
import org.senderauth.milter.PolicyMilter;
import org.senderauth.milter.ResultsRemover;
import org.senderauth.milter.SenderSigner;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.postfix.AddressMaps;
import org.senderauth.postfix.BounceGuardMap;
import org.senderauth.postfix.BounceGuardPolicy;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.PolicyAction;
import org.senderauth.postfix.PolicyRequest;
import org.senderauth.postfix.PolicyService;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesObserver;
import org.senderauth.ses.SesZone;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.spf.zone.SpfZone;
import org.senderauth.srs.Srs;
import org.xbill.DNS.Type;

/** The checks of a configuration, combined into a policy. */
final class PolicyFactory {

    private static final SecureRandom RANDOM = new SecureRandom();

    // A day in the default layout, as BATV and SRS allow: a clock that is set back by a day rejects no bounce.
    private static final int SES_SKEW = 4;

    private final DnsClient dns;
    private final SpfVerifier spf;
    private final SenderPolicy policy;
    private final Map<String, Function<String, MapReply>> maps = new HashMap<>();
    private final BounceGuardPolicy bounceGuard;
    private final @Nullable SesZone zone;
    private final @Nullable SpfZone spfZone;
    private final SenderPolicy milterPolicy;
    private final PolicyMilter milter;
    private final ResultsRemover milterBeforeDkim;

    /**
     * Builds the policy.
     *
     * @throws IOException if a zone file cannot be read any more
     */
    PolicyFactory(ServeConfig config, PersistentState memory, Executor executor, Observers observers)
            throws IOException {
        this.dns = memory.dns(config.dns(), observers.dns());
        this.spf = SpfVerifier.builder()
                .dns(dns)
                .receiver(config.hostname())
                .limits(config.steps().spfLimits())
                .trace(observers.traces())
                .clock(memory.clock())
                .nanoTime(memory.monotonicClock()::nanoTime)
                .build();
        SenderPolicyBuilder builder = SenderPolicy.builder(config.hostname())
                .exemptions(config.exemptions())
                .modes(config.steps().modes())
                .deadline(config.limits().deadline())
                .observer(observers.policy())
                .traced(true)
                .maxInvalidSignatures(
                        config.limits().invalidPerNetwork(), config.limits().invalidPerMailbox())
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(spf, config.steps().strictness());
        config.steps().onTempfail().forEach(builder::onTempfail);
        memory.continueCounts(builder);
        if (!config.steps().blockLists().isEmpty()) {
            builder.blockLists(DnsBlockList.of(dns, config.steps().blockLists()));
        }
        maps.put("normalize", AddressMaps.normalize());
        Batv batv = batv(config, memory, builder);
        Ses ses = ses(config, memory, observers.ses(), builder);
        srs(config, memory, builder);
        Dkim2Settings dkim2 = config.dkim2();
        if (dkim2 != null) {
            builder.dkim2(dkim2.bounces(dns, memory.clock())).content(dkim2.domains());
        }
        maps.put("may-bounce", BounceGuardMap.of(BounceGuard.create(), spf));
        this.bounceGuard = new BounceGuardPolicy(BounceGuard.create(), spf);
        this.zone = ses == null || !config.listen().servesZones() ? null : zone(ses, config);
        this.spfZone = spfZone(config, memory);
        builder.callout(callout(config, memory, dns, executor, observers.callout()));
        if (!config.steps().callforward().hosts().isEmpty()) {
            builder.callforward(callforward(config, memory, dns, executor, observers.callout()));
        }
        this.policy = builder.build();
        memory.keepCounts(policy);
        if (batv != null && config.batv() != null) {
            builder.batv(filter(batv, config.batv().rejectUntagged().ofMilter(), memory), true);
        }
        if (ses != null && config.ses() != null) {
            builder.ses(
                    ses,
                    config.ses().keyring().domains(),
                    rules(config.ses().rejectUnsigned().ofMilter()),
                    memory.clock(),
                    true);
        }
        String dkimVerifier = config.steps().dkimVerifier();
        if (dkimVerifier != null) {
            builder.unlessDkimPasses(dns);
        }
        this.milterBeforeDkim = new ResultsRemover(dkimVerifier == null ? config.hostname() : dkimVerifier);
        this.milterPolicy = builder.deadline(config.limits().ofMilter()).build();
        this.milter = milter(config, milterPolicy, batv, ses);
    }

    // A policy of its own: MTAs wait for a milter less long, and it sees the content of a bounce.
    private static PolicyMilter milter(
            ServeConfig config, SenderPolicy policy, @Nullable Batv batv, @Nullable Ses ses) {
        ServeConfig.MilterSettings settings = config.milter();
        SenderSigner signer = SenderSigner.NONE;
        SignatureStripper stripper = SignatureStripper.NONE;
        if (batv != null) {
            stripper = SignatureStripper.of(batv);
            signer = settings.sign() == ServeConfig.SignWith.BATV ? SenderSigner.of(batv) : signer;
        }
        if (ses != null) {
            stripper = stripper.or(SignatureStripper.of(ses));
            signer = settings.sign() == ServeConfig.SignWith.SES ? SenderSigner.of(ses) : signer;
        }
        Dkim2Settings dkim2 = config.dkim2();
        PolicyMilter.Builder milter = PolicyMilter.builder(policy, config.hostname());
        if (config.steps().dkimVerifier() != null) {
            milter.dkimVerifier(config.steps().dkimVerifier());
        }
        return milter.messageSigners(dkim2 == null ? Dkim2Signers.NONE : dkim2.allSigners())
                .own(settings.own())
                .relays(settings.relays())
                .signer(signer.except(recipient -> settings.isUnsigned(recipient.domain())))
                .stripper(stripper)
                .build();
    }

    private @Nullable Batv batv(ServeConfig config, PersistentState memory, SenderPolicyBuilder builder) {
        ServeConfig.BatvSettings settings = config.batv();
        if (settings == null) {
            return null;
        }
        Batv.Builder signer = Batv.builder()
                .keys(settings.keys())
                .lifetimeDays(settings.lifetimeDays())
                .clock(memory.clock());
        Batv batv = signer.lowerCase(settings.lowerCase()).build();
        // By content, this policy leaves untagged bounces to the milter that the same mail server asks.
        builder.batv(filter(batv, settings.rejectUntagged().ofPolicy(), memory), true);
        maps.put("sign", AddressMaps.sign(batv));
        maps.put("strip", AddressMaps.strip(batv));
        // The name before 1.0: mail servers' configurations use it.
        maps.put("unsign", AddressMaps.strip(batv));
        maps.put("verify", AddressMaps.verify(batv));
        return batv;
    }

    private static BounceFilter filter(Batv batv, ServeConfig.RejectUntagged untagged, PersistentState memory) {
        return new BounceFilter(batv, rules(untagged), memory.clock());
    }

    private static BounceRules rules(ServeConfig.RejectUntagged unsigned) {
        return BounceRules.builder()
                .onUnsigned(
                        switch (unsigned) {
                            case AT_RCPT -> BounceAction.REJECT;
                            case BY_CONTENT -> BounceAction.CHECK_CONTENT;
                            case NEVER -> BounceAction.ACCEPT;
                        })
                .build();
    }

    private @Nullable Ses ses(
            ServeConfig config, PersistentState memory, SesObserver observer, SenderPolicyBuilder builder) {
        ServeConfig.SesSettings settings = config.ses();
        if (settings == null) {
            return null;
        }
        Ses made = Ses.builder()
                .keyring(settings.keyring())
                .ledger(memory.ledger())
                .serialNumbers(memory.serialNumbers())
                .clock(memory.clock())
                .skew(Math.min(SES_SKEW, settings.keyring().maxSkew()))
                .observer(observer)
                .build();
        builder.ses(
                made,
                settings.keyring().domains(),
                rules(settings.rejectUnsigned().ofPolicy()),
                memory.clock(),
                true);
        maps.put("ses-sign", AddressMaps.sesSign(made));
        maps.put("ses-strip", AddressMaps.sesStrip(made));
        maps.put("ses-unsign", AddressMaps.sesStrip(made)); // as "unsign"
        return made;
    }

    private void srs(ServeConfig config, PersistentState memory, SenderPolicyBuilder builder) {
        SrsSettings settings = config.srs();
        if (settings == null) {
            return;
        }
        Srs srs = settings.srs(memory.clock(), memory.aliases());
        builder.srs(srs, settings.nullSenderOnly());
        maps.put("srs-forward", AddressMaps.srsForward(srs));
        maps.put("srs-reverse", AddressMaps.srsReverse(srs));
    }

    private static @Nullable SesZone zone(Ses ses, ServeConfig config) {
        ServeConfig.SesSettings settings = config.ses();
        if (settings == null || settings.nameServers().isEmpty()) {
            return null;
        }
        SesZone.Builder zone = SesZone.builder(ses, settings.nameServers().toArray(String[]::new));
        settings.keyring().domains().forEach(zone::domain);
        return zone.build();
    }

    private @Nullable SpfZone spfZone(ServeConfig config, PersistentState memory) {
        ServeConfig.SpfZoneSettings settings = config.spfZone();
        if (settings == null) {
            return null;
        }
        SpfZone.Builder builder = SpfZone.builder(dns, settings.nameServers().toArray(String[]::new))
                .ttl(settings.ttl())
                .clock(memory.clock())
                .known(memory.servedRecords());
        settings.records().forEach(builder::record);
        return builder.build();
    }

    private static CalloutVerifier callout(
            ServeConfig config, PersistentState memory, DnsClient dns, Executor executor, CalloutObserver observer) {
        CalloutSettings settings = config.steps().callout();
        CalloutVerifierBuilder builder = verifier(config, memory, dns, executor, observer, probe -> {})
                .ownDomains(config.domains())
                .highVolumeDomains(settings.highVolumeDomains())
                .probeAddressLiterals(settings.probesAddressLiterals());
        settings.replies().apply(builder);
        if (!settings.blockLists().isEmpty()) {
            builder.blockList(DnsBlockList.of(dns, settings.blockLists()));
        }
        return builder.build();
    }

    private static CalloutVerifier callforward(
            ServeConfig config, PersistentState memory, DnsClient dns, Executor executor, CalloutObserver observer) {
        CallforwardSettings settings = config.steps().callforward();
        // Many recipients are verified at once as soon as it is known whether the host accepts all.
        CalloutVerifierBuilder builder =
                verifier(config, memory, dns, executor, observer, probe -> probe.catchAllCheck(true));
        settings.apply(builder);
        return builder.build();
    }

    private static CalloutVerifierBuilder verifier(
            ServeConfig config,
            PersistentState memory,
            DnsClient dns,
            Executor executor,
            CalloutObserver observer,
            Consumer<ProbeSettings.Builder> changes) {
        CalloutSettings settings = config.steps().callout();
        ProbeSettings.Builder probe = ProbeSettings.builder(config.hostname()).clock(memory.clock());
        settings.probe().apply(probe);
        changes.accept(probe);
        return CalloutVerifier.builder(SmtpProber.of(dns, probe.build()))
                .state(memory.callouts())
                .limits(memory.calloutLimits().toBuilder()
                        .responseTimeout(settings.limits().responseTimeout())
                        .build())
                .clock(memory.clock())
                .monotonicClock(memory.monotonicClock())
                .executor(executor)
                .observer(observer);
    }

    SenderPolicy policy() {
        return policy;
    }

    /**
     * The functions that serve policy requests.
     *
     * @param answers the answers: by the policy, or whether a bounce may be sent if the request's context asks for that
     * @param ended takes a message about which no more requests come
     */
    record PolicyRequests(Function<PolicyRequest, PolicyAction> answers, Consumer<PolicyRequest> ended) {}

    PolicyRequests policyRequests() {
        PolicyService service = new PolicyService(policy);
        return new PolicyRequests(bounceGuard.or(service), service::ended);
    }

    /** The policy of the milter. */
    SenderPolicy milterPolicy() {
        return milterPolicy;
    }

    PolicyMilter milter() {
        return milter;
    }

    /** The filter that runs before the DKIM verifier. */
    ResultsRemover milterBeforeDkim() {
        return milterBeforeDkim;
    }

    /**
     * The maps by name: {@code sign}, {@code strip} and {@code verify} of BATV; those of SES and SRS with the scheme before
     * the name; {@code may-bounce}.
     */
    Map<String, Function<String, MapReply>> maps() {
        return maps;
    }

    /** The zones to serve, as one; null if there are none. */
    @Nullable
    DnsZone zones() {
        List<DnsZone> zones = Stream.<@Nullable DnsZone>of(zone, spfZone)
                .filter(Objects::nonNull)
                .toList();
        return zones.isEmpty() ? null : DnsZone.joined(zones);
    }

    /** The served SPF records; null if there are none. */
    @Nullable
    SpfZone spfZone() {
        return spfZone;
    }

    /**
     * Sends a first query, for this host's own name: dnsjava starts its selector with it, and would never try again if
     * the system had no thread to give later.
     */
    void startDns(String hostname) {
        dns.query(DomainNames.of(hostname), Type.A);
    }

    /** Queries a name that no cache has: true if the DNS answers, also that there is no such name. */
    CompletionStage<Boolean> dnsWorks(String hostname) {
        String unknown = "health-" + Integer.toHexString(RANDOM.nextInt()) + "." + hostname;
        return dns.query(DomainNames.of(unknown), Type.A)
                .thenApply(answer -> !(answer instanceof DnsAnswer.Unavailable));
    }

    /** Examines the SPF record of a domain. */
    LintReport lint(String domain) {
        return SpfLinter.of(dns).lint(domain);
    }

    /** Looks whether this host's names fit for callouts. */
    SelfCheckLogger selfCheck(LogQueue log) {
        return new SelfCheckLogger(dns, spf, log);
    }
}
