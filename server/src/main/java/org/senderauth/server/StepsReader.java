package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.VoidLookupCounting;

/** Reads what each step may do: {@code mode}, {@code steps}, {@code recipient-domains} and {@code sender-domains}. */
final class StepsReader {

    private final Path folder;
    private final Duration deadline;
    private final StepModes.Builder modes = StepModes.builder();
    private final Map<Step, TempfailAction> onTempfail = new EnumMap<>(Step.class);
    // Where a step is first switched on.
    private final Map<Step, Place> switchedOn = new EnumMap<>(Step.class);

    StepsReader(Path folder, Duration deadline) {
        this.folder = folder;
        this.deadline = deadline;
    }

    private record Place(ConfigSection section, String setting) {}

    /** The mode of the whole service. */
    private enum ServiceMode {
        MONITOR,
        ENFORCE
    }

    private interface DomainMode {
        void set(String domain, Step step, StepMode mode);
    }

    private static ConfigSection section(Map<Step, ConfigSection> sections, Step step) {
        return Objects.requireNonNull(sections.get(step));
    }

    /** Reads the sections below the root. */
    ServeConfig.Steps read(ConfigSection root) {
        modes.monitorOnly(root.choice("mode", ServiceMode.ENFORCE, ServiceMode.class) == ServiceMode.MONITOR);
        ConfigSection steps = root.section("steps");
        Map<Step, ConfigSection> sections = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            ConfigSection section = steps.section(step.text());
            sections.put(step, section);
            // A step that is not in the file is off, and one without a mode only reports: nothing is rejected unless
            // the file says so.
            StepMode mode =
                    steps.has(step.text()) ? section.choice("mode", StepMode.MONITOR, StepMode.class) : StepMode.OFF;
            modes.defaultMode(step, mode);
            noteIfOn(step, mode, steps, step.text());
            onTempfail.put(step, section.choice("on-tempfail", TempfailAction.CONTINUE, TempfailAction.class));
        }
        List<String> blockLists =
                section(sections, Step.DNSBL).values("zones", "the domain name of a list", ConfigValues::blockList);
        ConfigSection spf = section(sections, Step.SPF);
        SpfStrictness strictness =
                new SpfStrictness(spf.flag("reject-softfail", false), spf.flag("reject-permerror", false));
        SpfLimits spfLimits = spfLimits(spf);
        String dkimVerifier = spf.optional(
                "unless-dkim-passes", "the name of a DKIM verifier in Authentication-Results", ConfigValues::domain);
        CalloutSettings callout = new CalloutReader(folder, deadline).read(section(sections, Step.CALLOUT));
        CallforwardSettings callforward = CallforwardSettings.read(section(sections, Step.CALLFORWARD));
        domains(root.section("recipient-domains"), modes::recipientDomain);
        domains(root.section("sender-domains"), modes::senderDomain);
        sections.values().forEach(ConfigSection::end);
        steps.end();
        if (!section(sections, Step.DNSBL).hasValues("zones")) {
            needs(Step.DNSBL, "zones; add \"zones: [LIST]\" under \"dnsbl:\"");
        }
        if (callforward.hosts().isEmpty()) {
            needs(Step.CALLFORWARD, "hosts; add \"hosts: {DOMAIN: [IP]}\" under \"callforward:\"");
        }
        boolean asks = switchedOn.containsKey(Step.CALLOUT);
        return new ServeConfig.Steps(
                modes.build(),
                onTempfail,
                blockLists,
                strictness,
                spfLimits,
                dkimVerifier,
                callout,
                asks,
                callforward,
                !switchedOn.isEmpty());
    }

    /** Notes that a step lacks something, if it is on anywhere. */
    void needs(Step step, String what) {
        Place place = switchedOn.get(step);
        if (place != null) {
            place.section().problem(place.setting(), "step " + step.text() + " requires " + what);
        }
    }

    private void noteIfOn(Step step, StepMode mode, ConfigSection section, String setting) {
        if (mode != StepMode.OFF) {
            switchedOn.putIfAbsent(step, new Place(section, setting));
        }
    }

    private void domains(ConfigSection section, DomainMode target) {
        Set<String> seen = new HashSet<>();
        for (String name : section.names()) {
            Optional<String> domain = ConfigValues.domain(name);
            if (domain.isEmpty()) {
                section.problem(name, ConfigSection.mustBe(section.name(), DOMAIN, name));
            } else if (!seen.add(domain.get())) {
                section.problem(name, "duplicate setting \"" + name + "\"; remove one");
            }
            ConfigSection own = section.section(name);
            for (Step step : Step.values()) {
                StepMode mode = own.choice(step.text(), StepMode.OFF, StepMode.class);
                if (own.has(step.text())) {
                    domain.ifPresent(known -> target.set(known, step, mode));
                    noteIfOn(step, mode, own, step.text());
                }
            }
            own.end();
        }
    }

    private static SpfLimits spfLimits(ConfigSection section) {
        SpfLimits absent = SpfLimits.RFC_7208;
        return SpfLimits.builder()
                .lookups(section.number("max-lookups", absent.lookups(), 0, SpfLimits.MAX_NUMBER))
                .voidLookups(section.number("max-void-lookups", absent.voidLookups(), 0, SpfLimits.MAX_NUMBER))
                .mxNames(section.number("max-mx", absent.mxNames(), 0, SpfLimits.MAX_NUMBER))
                .queries(section.number("max-queries", absent.queries(), 1, SpfLimits.MAX_QUERIES))
                .transactionQueries(section.number(
                        "max-transaction-queries", absent.transactionQueries(), 1, SpfLimits.MAX_QUERIES))
                .voidLookupCounting(
                        section.choice("void-counting", absent.voidLookupCounting(), VoidLookupCounting.class))
                .build();
    }
}
