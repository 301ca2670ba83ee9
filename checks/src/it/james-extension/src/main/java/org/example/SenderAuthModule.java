package org.example;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.BounceRules;
import org.senderauth.core.SafeText;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.james.AcceptedMessageFilter;
import org.senderauth.james.BatvSignSender;
import org.senderauth.james.BounceOnlyProven;
import org.senderauth.james.CalloutHook;
import org.senderauth.james.Dkim2SignMessage;
import org.senderauth.james.SenderPolicyHook;
import org.senderauth.james.SrsForwardSender;
import org.senderauth.james.SrsRecipientHook;
import org.senderauth.james.SrsReverseRecipients;
import org.senderauth.james.StripRecipients;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.TempfailAction;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Provides the hooks and mailets to James's injector. */
public final class SenderAuthModule extends AbstractModule {

    private static final String HOST = "mx.example.org";

    // Hooks run on James's I/O threads: this many of them may wait, half of ioWorkerCount in smtpserver.xml.
    private static final int MAX_WAITING = 64;

    private static final Logger LOG = LoggerFactory.getLogger(SenderAuthModule.class);

    // James logs neither the sender nor the reason of a rejection.
    private static final PolicyObserver LOG_REJECTIONS = new PolicyObserver() {
        @Override
        public void decided(Transaction transaction, Decision decision, Duration time) {
            if (decision.smtpReply().isPresent()) {
                LOG.info(
                        "{} client={} sender=<{}> recipient=<{}> reason={}",
                        decision.action().text(),
                        transaction.client().getHostAddress(),
                        SafeText.of(transaction.sender()),
                        SafeText.of(transaction.recipient().orElse("")),
                        decision.reason());
            }
        }
    };

    private final Path folder;

    /** Creates a module with the keys in the configuration folder of James. */
    public SenderAuthModule() {
        this(Path.of("conf"));
    }

    SenderAuthModule(Path folder) {
        this.folder = folder;
    }

    @Provides
    @Singleton
    Batv batv() throws IOException {
        return Batv.builder().keys(BatvKeyFile.read(folder.resolve("batv.keys"))).build();
    }

    @Provides
    @Singleton
    DnsClient dns() {
        return CachingDnsClient.of(ResolverDnsClient.system());
    }

    @Provides
    @Singleton
    Srs srs() throws IOException {
        return Srs.builder()
                .keyring(SrsKeyFile.keyring(folder.resolve("srs.secret")).build())
                .domain("example.org")
                .build();
    }

    @Provides
    @Singleton
    SenderPolicy policy(DnsClient dns, Batv batv, Dkim2Bounces dkim2, Srs srs) {
        // RFC 5321 section 4.5.1
        Exemptions exemptions = Exemptions.builder()
                .recipient("postmaster@example.org")
                .recipient("abuse@example.org")
                .build();
        return SenderPolicy.builder(HOST)
                .exemptions(exemptions)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(SpfVerifier.builder().dns(dns).receiver(HOST).build(), SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, BounceRules.defaults(), InstantSource.system()), true)
                .dkim2(dkim2)
                .srs(srs)
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .deadline(Duration.ofSeconds(5))
                .observer(LOG_REJECTIONS)
                .build();
    }

    @Provides
    @Singleton
    SenderPolicyHook senderPolicyHook(SenderPolicy policy, Batv batv) {
        return new SenderPolicyHook(policy, SignatureStripper.of(batv), MAX_WAITING);
    }

    @Provides
    @Singleton
    CalloutHook calloutHook(SenderPolicy policy) {
        return new CalloutHook(policy, MAX_WAITING);
    }

    @Provides
    @Singleton
    SrsRecipientHook srsRecipientHook(Srs srs, CalloutHook callouts) {
        return new SrsRecipientHook(srs, callouts);
    }

    @Provides
    @Singleton
    AcceptedMessageFilter acceptedMessageFilter(SenderPolicy policy) {
        return new AcceptedMessageFilter(policy);
    }

    @Provides
    @Singleton
    StripRecipients stripRecipients(Batv batv) {
        return new StripRecipients(SignatureStripper.of(batv));
    }

    @Provides
    @Singleton
    SrsReverseRecipients srsReverseRecipients(Srs srs) {
        return new SrsReverseRecipients(srs);
    }

    @Provides
    @Singleton
    SrsForwardSender srsForwardSender(Srs srs) {
        return new SrsForwardSender(srs);
    }

    @Provides
    @Singleton
    BatvSignSender batvSignSender(Batv batv) {
        return new BatvSignSender(batv);
    }

    @Provides
    @Singleton
    Dkim2Bounces dkim2Bounces(DnsClient dns) throws IOException {
        OwnKeys own = OwnKeys.parse(Files.readString(folder.resolve("own.keys")));
        return Dkim2Bounces.builder().ownKeys(own).dns(dns).build();
    }

    @Provides
    @Singleton
    Dkim2SignMessage dkim2SignMessage() throws IOException {
        Dkim2SigningKey key = Dkim2SigningKey.read("mail", "example.org", folder.resolve("mail.pem"));
        Dkim2Signer signer = Dkim2Signer.builder().key(key).build();
        return new Dkim2SignMessage(Dkim2Signers.of(List.of(signer), Dkim2Signers.HiddenRecipients.UNSIGNED));
    }

    @Provides
    @Singleton
    BounceOnlyProven bounceOnlyProven(DnsClient dns, Srs srs) {
        return new BounceOnlyProven(
                BounceGuard.create(), SpfVerifier.builder().dns(dns).build(), srs);
    }
}
