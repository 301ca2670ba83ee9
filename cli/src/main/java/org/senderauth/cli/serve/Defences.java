package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.CalloutVerifierBuilder;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.postfix.AddressMaps;
import org.senderauth.postfix.MapReply;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesObserver;
import org.senderauth.ses.SesZone;
import org.senderauth.spf.SpfVerifier;

/** The defences that a configuration asks for, put together. */
final class Defences {

    private final DnsClient dns;
    private final SpfVerifier spf;
    private final SenderPolicy policy;
    private final Map<String, Function<String, MapReply>> maps = new HashMap<>();
    private final @Nullable SesZone zone;

    /**
     * Puts them together.
     *
     * @throws IOException if a master file cannot be read any more
     */
    Defences(ServeConfig config, Memory memory, Executor executor, Observers observers) throws IOException {
        this.dns = memory.dns(config.dns(), observers.dns());
        this.spf = SpfVerifier.builder()
                .dns(dns)
                .receiver(config.hostname())
                .clock(memory.clock())
                .build();
        SenderPolicy.Builder builder = SenderPolicy.builder(config.hostname())
                .exemptions(config.exemptions())
                .modes(config.steps().modes())
                .deadline(config.limits().deadline())
                .observer(observers.policy())
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(spf, config.steps().strictness());
        config.steps().onTrouble().forEach(builder::onTrouble);
        if (!config.steps().blockLists().isEmpty()) {
            builder.blockLists(DnsBlockList.of(dns, config.steps().blockLists()));
        }
        batv(config, memory, builder);
        Ses ses = ses(config, memory, observers.ses(), builder);
        this.zone = ses == null || !config.listen().servesZone() ? null : zone(ses, config);
        builder.callout(callout(config, memory, dns, executor, observers.callout()));
        this.policy = builder.build();
    }

    private void batv(ServeConfig config, Memory memory, SenderPolicy.Builder builder) {
        ServeConfig.BatvSettings settings = config.batv();
        if (settings == null) {
            return;
        }
        Batv.Builder signer = Batv.builder()
                .keys(settings.keys())
                .lifetimeDays(settings.lifetimeDays())
                .clock(memory.clock());
        Batv batv = (settings.lowerCase() ? signer.lowerCase() : signer).build();
        BounceRules rules = BounceRules.builder()
                .onUnsigned(settings.refusesUntagged() ? BounceAction.REFUSE : BounceAction.ACCEPT)
                .build();
        builder.batv(new BounceFilter(batv, rules, memory.clock()));
        maps.put("sign", AddressMaps.sign(batv));
        maps.put("unsign", AddressMaps.unsign(batv));
    }

    private @Nullable Ses ses(ServeConfig config, Memory memory, SesObserver observer, SenderPolicy.Builder builder) {
        ServeConfig.SesSettings settings = config.ses();
        if (settings == null) {
            return null;
        }
        Ses made = Ses.builder()
                .keyring(settings.keyring())
                .ledger(memory.ledger())
                .messageIds(memory.messageIds())
                .clock(memory.clock())
                .observer(observer)
                .build();
        builder.ses(made, settings.keyring().domains());
        maps.put("ses-sign", AddressMaps.sesSign(made));
        maps.put("ses-unsign", AddressMaps.sesUnsign(made));
        return made;
    }

    private static @Nullable SesZone zone(Ses ses, ServeConfig config) {
        ServeConfig.SesSettings settings = config.ses();
        if (settings == null) {
            return null;
        }
        SesZone.Builder zone = SesZone.builder(ses, settings.nameServers().toArray(String[]::new));
        settings.keyring().domains().forEach(zone::domain);
        return zone.build();
    }

    private static CalloutVerifier callout(
            ServeConfig config, Memory memory, DnsClient dns, Executor executor, CalloutObserver observer) {
        ServeConfig.CalloutSettings settings = config.steps().callout();
        ProbeSettings.Builder probe =
                ProbeSettings.builder(config.hostname()).port(settings.port()).clock(memory.clock());
        if (settings.privateHosts()) {
            probe.addressFilter(address -> true);
        }
        CalloutVerifierBuilder builder = CalloutVerifier.builder(SmtpProber.of(dns, probe.build()))
                .state(memory.callouts())
                .clock(memory.clock())
                .executor(executor)
                .observer(observer)
                .ownDomains(config.domains())
                .largeProviders(settings.largeProviders());
        return settings.trial() ? builder.trial().build() : builder.build();
    }

    SenderPolicy policy() {
        return policy;
    }

    /** The maps by name: {@code sign} and {@code unsign} of BATV, {@code ses-sign} and {@code ses-unsign} of SES. */
    Map<String, Function<String, MapReply>> maps() {
        return maps;
    }

    /** The public SES zone; null if it is not to be served. */
    @Nullable
    SesZone zone() {
        return zone;
    }

    /** Looks whether this host's names fit for callouts. */
    SelfCheck selfCheck(PrintWriter log) {
        return new SelfCheck(dns, spf, log);
    }
}
