package org.senderauth.cli.serve;

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
 * One mapping of the configuration file. Each setting is taken once, by its name; what is wrong is noted with its line,
 * and {@link #end} notes what nobody has taken. Reading goes on after a problem, so that one run shows all of them.
 */
final class Section {

    private final Problems problems;
    private final String name;
    private final int line;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> taken = new ArrayList<>();

    private record Setting(int line, Node value) {}

    /** A text and where it stands. */
    record Text(int line, String value) {}

    /** What is wrong with one file. */
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

    private Section(Problems problems, String name, int line) {
        this.problems = problems;
        this.name = name;
        this.line = line;
    }

    /** The section that a node holds; an empty one if it is no mapping. */
    static Section of(Problems problems, String name, Node node) {
        Section section = new Section(problems, name, line(node));
        if (!(node instanceof MappingNode mapping)) {
            boolean empty =
                    node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
            if (!empty) {
                problems.add(section.line, "\"" + name + "\" takes settings below it, each as \"name: value\"");
            }
            return section;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            int keyLine = line(tuple.getKeyNode());
            if (section.settings.putIfAbsent(key, new Setting(keyLine, tuple.getValueNode())) != null) {
                problems.add(keyLine, "\"" + key + "\" is set twice; remove one");
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

    /** Whether a setting is there. */
    boolean has(String key) {
        return settings.containsKey(key);
    }

    /** Whether a setting is there and is not an empty list. */
    boolean hasValues(String key) {
        Setting setting = settings.get(key);
        return setting != null
                && !(setting.value instanceof SequenceNode list
                        && list.getValue().isEmpty());
    }

    /** Where a setting stands, or this section if it is absent. */
    int line(String key) {
        Setting setting = settings.get(key);
        return setting == null ? line : setting.line;
    }

    void problem(String key, String what) {
        problems.add(line(key), what);
    }

    private @Nullable Node take(String key) {
        taken.add(key);
        Setting setting = settings.get(key);
        return setting == null ? null : setting.value;
    }

    /** The section below this one; an empty one if it is absent. */
    Section section(String key) {
        Node node = take(key);
        return node == null ? new Section(problems, key, line) : of(problems, key, node);
    }

    /** The names of the settings, for sections whose names are the user's; none counts as unknown. */
    List<String> names() {
        taken.addAll(settings.keySet());
        return List.copyOf(settings.keySet());
    }

    /** A text, or null if it is absent or wrong. */
    @Nullable
    String text(String key) {
        Node node = take(key);
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        problems.add(line(key), "\"" + key + "\" takes one value, not a list and not nothing");
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
                problems.add(line(element), "\"" + key + "\" takes a list of values, such as [one, two]");
            }
        }
        return texts;
    }

    /** A value that must be read, or the default if it is absent or wrong. */
    <T> T value(String key, T absent, String expected, Function<String, Optional<T>> reader) {
        String text = text(key);
        if (text == null) {
            return absent;
        }
        Optional<T> value = reader.apply(text);
        if (value.isEmpty()) {
            problems.add(line(key), "\"" + key + ": " + text + "\" must be " + expected);
        }
        return value.orElse(absent);
    }

    /** Values that must be read. */
    <T> List<T> values(String key, String expected, Function<String, Optional<T>> reader) {
        List<T> values = new ArrayList<>();
        for (Text text : texts(key)) {
            reader.apply(text.value())
                    .ifPresentOrElse(
                            values::add,
                            () -> problems.add(
                                    text.line(), "\"" + text.value() + "\" in \"" + key + "\" must be " + expected));
        }
        return values;
    }

    boolean flag(String key, boolean absent) {
        return value(key, absent, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    int number(String key, int absent, int least, int most) {
        return value(key, absent, "a number from " + least + " to " + most, text -> {
            if (!text.matches("[0-9]{1,9}")) {
                return Optional.empty();
            }
            return Optional.of(Integer.parseInt(text)).filter(number -> number >= least && number <= most);
        });
    }

    <T extends Enum<T>> T choice(String key, T absent, Class<T> type) {
        List<String> words = new ArrayList<>();
        for (T constant : type.getEnumConstants()) {
            words.add(Meters.word(constant));
        }
        return value(key, absent, String.join(" or ", words), text -> {
            for (T constant : type.getEnumConstants()) {
                if (Meters.word(constant).equals(text)) {
                    return Optional.of(constant);
                }
            }
            return Optional.empty();
        });
    }

    /** Notes the settings that nobody has taken: misspelt ones, most often. */
    void end() {
        settings.forEach((key, setting) -> {
            if (!taken.contains(key)) {
                problems.add(
                        setting.line,
                        "there is no setting \"" + key + "\" in " + name + "; known are " + String.join(", ", taken));
            }
        });
    }
}
