package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.ConfigValues.DOMAIN;
import static org.senderauth.cli.serve.ConfigValues.FILE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;

/** Reads what each step may do: {@code steps}, {@code recipients-at} and {@code senders-at}. */
final class StepsReader {

    private final Path folder;
    private final StepModes.Builder modes = StepModes.builder();
    private final Map<Step, OnTrouble> onTrouble = new EnumMap<>(Step.class);
    // Where a step is first switched on.
    private final Map<Step, Place> switchedOn = new EnumMap<>(Step.class);

    StepsReader(Path folder) {
        this.folder = folder;
    }

    private record Place(Section section, String setting) {}

    private interface DomainMode {
        void set(String domain, Step step, StepMode mode);
    }

    /** Reads the sections below the root. */
    ServeConfig.Steps read(Section root) {
        Section steps = root.section("steps");
        Map<Step, Section> sections = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            Section section = steps.section(step.text());
            sections.put(step, section);
            // What is not in the file is off: nothing is refused that nobody asked for.
            StepMode mode =
                    steps.has(step.text()) ? section.choice("mode", StepMode.ENFORCE, StepMode.class) : StepMode.OFF;
            modes.general(step, mode);
            noteIfOn(step, mode, steps, step.text());
            onTrouble.put(step, section.choice("on-trouble", OnTrouble.CONTINUE, OnTrouble.class));
        }
        List<String> blockLists =
                sections.get(Step.DNSBL).values("zones", "the domain name of a list", ConfigValues::blockList);
        Section spf = sections.get(Step.SPF);
        SpfStrictness strictness =
                new SpfStrictness(spf.flag("refuse-softfail", false), spf.flag("refuse-permerror", false));
        ServeConfig.CalloutSettings callout = callout(sections.get(Step.CALLOUT));
        domains(root.section("recipients-at"), modes::recipientsAt);
        domains(root.section("senders-at"), modes::sendersAt);
        sections.values().forEach(Section::end);
        steps.end();
        if (!sections.get(Step.DNSBL).hasValues("zones")) {
            needs(Step.DNSBL, "\"zones\"; add the lists to ask below \"dnsbl:\"");
        }
        boolean asks = switchedOn.containsKey(Step.CALLOUT);
        return new ServeConfig.Steps(modes.build(), onTrouble, blockLists, strictness, callout, asks);
    }

    /** Notes that a step lacks something, if it is on anywhere. */
    void needs(Step step, String what) {
        Place place = switchedOn.get(step);
        if (place != null) {
            place.section().problem(place.setting(), "the step " + step.text() + " needs " + what);
        }
    }

    private void noteIfOn(Step step, StepMode mode, Section section, String setting) {
        if (mode != StepMode.OFF) {
            switchedOn.putIfAbsent(step, new Place(section, setting));
        }
    }

    private void domains(Section section, DomainMode target) {
        Set<String> seen = new HashSet<>();
        for (String name : section.names()) {
            Optional<String> domain = ConfigValues.domain(name);
            if (domain.isEmpty()) {
                section.problem(name, "\"" + name + "\" must be " + DOMAIN);
            } else if (!seen.add(domain.get())) {
                section.problem(name, "\"" + name + "\" is set twice; remove one");
            }
            Section own = section.section(name);
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

    private ServeConfig.CalloutSettings callout(Section section) {
        Path stateFile = section.value("state-file", null, FILE, text -> ConfigValues.path(folder, text));
        if (stateFile != null && !Files.isDirectory(stateFile.toAbsolutePath().getParent())) {
            section.problem("state-file", "there is no folder " + stateFile.getParent() + " for a file; create it");
        }
        return new ServeConfig.CalloutSettings(
                new ArrayList<>(section.values("large-providers", DOMAIN, ConfigValues::domain)),
                section.flag("trial", false),
                section.number("port", 25, 1, 65535),
                section.flag("private-hosts", false),
                stateFile);
    }
}
