package org.senderauth.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.Unsigner;
import org.senderauth.spf.SpfVerifier;

/** What James's injector makes the hooks and mailets of. */
public final class SenderAuthModule extends AbstractModule {

    private static final String HOST = "mx.example.org";

    private final Path keys;

    /** A module with the keys where James keeps its configuration. */
    public SenderAuthModule() {
        this(Path.of("conf", "batv.keys"));
    }

    SenderAuthModule(Path keys) {
        this.keys = keys;
    }

    @Provides
    @Singleton
    Batv batv() throws IOException {
        return Batv.builder().keys(BatvKeyFile.read(keys)).build();
    }

    @Provides
    @Singleton
    DnsClient dns() {
        return CachingDnsClient.over(ResolverDnsClient.ofSystem());
    }

    @Provides
    @Singleton
    SenderPolicy policy(DnsClient dns, Batv batv) {
        return SenderPolicy.builder(HOST)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(SpfVerifier.builder().dns(dns).receiver(HOST).build(), SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, BounceRules.defaults(), InstantSource.system()))
                .onTrouble(Step.SPF, OnTrouble.DEFER)
                .build();
    }

    @Provides
    @Singleton
    SenderPolicyHook senderPolicyHook(SenderPolicy policy, Batv batv) {
        return new SenderPolicyHook(policy, Unsigner.of(batv));
    }

    @Provides
    @Singleton
    CalloutHook calloutHook(SenderPolicy policy) {
        return new CalloutHook(policy);
    }

    @Provides
    @Singleton
    AcceptedMessageFilter acceptedMessageFilter(SenderPolicy policy) {
        return new AcceptedMessageFilter(policy);
    }

    @Provides
    @Singleton
    UnsignRecipients unsignRecipients(Batv batv) {
        return new UnsignRecipients(Unsigner.of(batv));
    }

    @Provides
    @Singleton
    BatvSignSender batvSignSender(Batv batv) {
        return new BatvSignSender(batv);
    }
}
