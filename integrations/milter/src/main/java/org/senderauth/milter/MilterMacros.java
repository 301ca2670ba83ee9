package org.senderauth.milter;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The macros of one connection, by the command to which they belong. Those of a later command of the same kind replace
 * the earlier ones.
 */
final class MilterMacros {

    // The commands of a message, latest first; those of the connection last.
    private static final String LATEST_FIRST = "EBNLTRMHC";
    private static final String AFTER_MAIL = "EBNLTR";

    /** Longest value that is kept; certificates are longer, and no handler needs them. */
    private static final int MAX_VALUE = 4096;

    private final Map<Character, Map<String, String>> stages = new HashMap<>();

    void set(MilterCommand.Macros macros) {
        if (LATEST_FIRST.indexOf(macros.stage()) < 0) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        macros.macros().stream()
                .filter(macro -> macro.name().length() + macro.value().length() <= MAX_VALUE)
                .forEach(macro -> values.put(bare(macro.name()), WireText.decode(macro.value())));
        stages.put(macros.stage(), values);
    }

    Optional<String> value(String name) {
        String bare = bare(name);
        for (char stage : LATEST_FIRST.toCharArray()) {
            String value = stages.getOrDefault(stage, Map.of()).getOrDefault(bare, "");
            if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** A macro of the current RCPT only. */
    Optional<String> ofRecipient(String name) {
        return Optional.ofNullable(stages.getOrDefault('R', Map.of()).get(name));
    }

    /** Forgets what belongs to one recipient, so that the next one cannot inherit it. */
    void endRecipient() {
        Map<String, String> values = stages.get('R');
        if (values != null) {
            values.keySet().removeIf(name -> !name.equals("i"));
        }
    }

    /** Forgets what came after MAIL. */
    void endEnvelope() {
        AFTER_MAIL.chars().forEach(stage -> stages.remove((char) stage));
    }

    /** Forgets all that belongs to a message. */
    void endMessage() {
        endEnvelope();
        stages.remove('M');
    }

    void endConnection() {
        stages.clear();
    }

    private static String bare(String name) {
        return name.length() > 2 && name.startsWith("{") && name.endsWith("}")
                ? name.substring(1, name.length() - 1)
                : name;
    }
}
