package org.senderauth.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.senderauth.callout.outcome.CalloutLimits;

/** The settings that a running service keeps until it is restarted. */
final class RestartSettings {

    private RestartSettings() {}

    /**
     * Compares two configurations.
     *
     * @param started the configuration that the service was started with
     * @param wanted the new one
     * @return the differences, each with its verb
     */
    static List<String> changed(ServeConfig started, ServeConfig wanted) {
        List<String> changed = new ArrayList<>();
        if (!wanted.listen().equals(started.listen())
                || wanted.limits().connections() != started.limits().connections()) {
            changed.add("listen addresses and connection limits change");
        }
        if (!Objects.equals(
                wanted.steps().callout().stateFile(), started.steps().callout().stateFile())) {
            changed.add("the state-file of callouts changes");
        }
        if (!limitsOfState(wanted).equals(limitsOfState(started))) {
            changed.add("the limits of callouts change");
        }
        if (!Objects.equals(wanted.web(), started.web())) {
            changed.add("the web settings change");
        }
        if (!wanted.history().equals(started.history())) {
            changed.add("the history settings change");
        }
        if (!Objects.equals(wanted.redis(), started.redis())) {
            changed.add("the redis settings change");
        }
        if (!Objects.equals(Service.numbers(wanted), Service.numbers(started))) {
            changed.add("the serial-file settings change");
        }
        return changed;
    }

    private static CalloutLimits limitsOfState(ServeConfig config) {
        // Not part of the state: a reload changes it.
        return config.steps().callout().limits().toBuilder()
                .responseTimeout(CalloutLimits.DEFAULT.responseTimeout())
                .build();
    }
}
