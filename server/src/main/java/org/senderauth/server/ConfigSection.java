package org.senderauth.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One mapping of the configuration file. Each setting is read once, by its name. A problem is reported with its line, and
 * {@link #end} reports the settings that were not read. Reading continues after a problem, so one run shows all of them.
 */
final class ConfigSection {

    private final Problems problems;
    private final String name;
    private final int line;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> taken = new ArrayList<>();

    private record Setting(int line, Node value) {}

    /** A text and its line. */
    record Text(int line, String value) {}

    /** The problems of one file. */
    static final class Problems {

        private final String file;
        private final Map<Integer, List<String>> byLine = new TreeMap<>();

        Problems(String file) {
            this.file = file;
        }

        void add(int line, String what) {
            byLine.computeIfAbsent(line, l -> new ArrayList<>()).add(file + ":" + line + ": " + what);
        }

        List<String> all() {
            return byLine.values().stream().flatMap(List::stream).toList();
        }
    }

    private ConfigSection(Problems problems, String name, int line) {
        this.problems = problems;
        this.name = name;
        this.line = line;
    }

    /** The section of a node; an empty one if it is not a mapping. */
    static ConfigSection of(Problems problems, String name, Node node) {
        ConfigSection section = new ConfigSection(problems, name, line(node));
        if (!(node instanceof MappingNode mapping)) {
            boolean empty =
                    node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
            if (!empty) {
                problems.add(section.line, name + ": must contain settings, each as \"name: value\"");
            }
            return section;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            int keyLine = line(tuple.getKeyNode());
            if (section.settings.putIfAbsent(key, new Setting(keyLine, tuple.getValueNode())) != null) {
                problems.add(keyLine, "duplicate setting \"" + key + "\"; remove one");
            }
        }
        return section;
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    int line() {
        return line;
    }

    String name() {
        return name;
    }

    /** {@return whether a setting is present} */
    boolean has(String key) {
        return settings.containsKey(key);
    }

    /** {@return whether a setting is present and is not an empty list} */
    boolean hasValues(String key) {
        Setting setting = settings.get(key);
        return setting != null
                && !(setting.value instanceof SequenceNode list
                        && list.getValue().isEmpty());
    }

    /** {@return the line of a setting, or of this section if it is absent} */
    int line(String key) {
        Setting setting = settings.get(key);
        return setting == null ? line : setting.line;
    }

    void problem(Text text, String what) {
        problems.add(text.line(), what);
    }

    void problem(String key, String what) {
        problems.add(line(key), what);
    }

    private @Nullable Node take(String key) {
        taken.add(key);
        Setting setting = settings.get(key);
        return setting == null ? null : setting.value;
    }

    /** The section under this one; an empty one if it is absent. */
    ConfigSection section(String key) {
        Node node = take(key);
        return node == null ? new ConfigSection(problems, key, line) : of(problems, key, node);
    }

    /** The names of the settings, for sections whose names are the user's, such as domains. */
    List<String> names() {
        taken.addAll(settings.keySet());
        return List.copyOf(settings.keySet());
    }

    /** A text, or null if it is absent or invalid. */
    @Nullable
    String text(String key) {
        Node node = take(key);
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        problems.add(line(key), key + ": must be a single value");
        return null;
    }

    /** Several texts: a list, or one value instead of a list of one. */
    List<Text> texts(String key) {
        Node node = take(key);
        List<Text> texts = new ArrayList<>();
        if (node == null) {
            return texts;
        }
        List<Node> nodes = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
        for (Node element : nodes) {
            if (element instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                texts.add(new Text(line(element), scalar.getValue()));
            } else {
                problems.add(line(element), key + ": must be a list of values, such as [one, two]");
            }
        }
        return texts;
    }

    /** A parsed value, or the default if it is absent or invalid. */
    <T> T value(String key, T absent, String expected, Function<String, Optional<T>> reader) {
        String text = text(key);
        if (text == null) {
            return absent;
        }
        Optional<T> value = reader.apply(text);
        if (value.isEmpty()) {
            problems.add(line(key), mustBe(key, expected, text));
        }
        return value.orElse(absent);
    }

    /** A parsed value, or null if it is absent or invalid. */
    <T> @Nullable T optional(String key, String expected, Function<String, Optional<T>> reader) {
        Optional<T> absent = Optional.empty();
        return value(key, absent, expected, text -> reader.apply(text).map(Optional::of))
                .orElse(null);
    }

    /** Parsed values. */
    <T> List<T> values(String key, String expected, Function<String, Optional<T>> reader) {
        List<T> values = new ArrayList<>();
        for (Text text : texts(key)) {
            reader.apply(text.value())
                    .ifPresentOrElse(values::add, () -> problems.add(text.line(), mustBe(key, expected, text.value())));
        }
        return values;
    }

    static String mustBe(String key, String expected, String value) {
        return key + ": must be " + expected + ", was \"" + value + "\"" + SettingNames.newValue(key, value)
                + (expected.equals(ConfigValues.NETWORK) ? ConfigValues.hostBits(value) : "");
    }

    // "off, monitor or enforce"
    private static String alternatives(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    boolean flag(String key, boolean absent) {
        return value(key, absent, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    int number(String key, int absent, int min, int max) {
        return value(key, absent, "a number from " + min + " to " + max, text -> {
            if (!text.matches("[0-9]{1,9}")) {
                return Optional.empty();
            }
            return Optional.of(Integer.parseInt(text)).filter(number -> number >= min && number <= max);
        });
    }

    <T extends Enum<T>> T choice(String key, T absent, Class<T> type) {
        List<String> words = new ArrayList<>();
        for (T constant : type.getEnumConstants()) {
            words.add(MetricRegistry.word(constant));
        }
        return value(key, absent, alternatives(words), text -> {
            for (T constant : type.getEnumConstants()) {
                if (MetricRegistry.word(constant).equals(text)) {
                    return Optional.of(constant);
                }
            }
            return Optional.empty();
        });
    }

    /** Reports the settings that no reader has taken: unknown ones. */
    void end() {
        settings.forEach((key, setting) -> {
            if (!taken.contains(key)) {
                problems.add(setting.line, "unknown setting \"" + key + "\"; " + SettingNames.advice(key, taken));
            }
        });
    }
}
