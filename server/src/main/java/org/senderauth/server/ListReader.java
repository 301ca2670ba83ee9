package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads settings that are lists of addresses, domains or networks. An entry {@code file:PATH} adds the entries of a
 * file, one per line, in one of two forms: the entry alone, or as in the source of a Postfix table the entry and a value
 * (access(5), cidr_table(5)). Reading continues after a problem.
 */
final class ListReader {

    /** The maximum number of entries of one file. */
    static final int MAX_ENTRIES = 100_000;

    /** The maximum number of entries of all files together. */
    static final int MAX_ALL = 300_000;

    /** The maximum size of a file. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final int MAX_PROBLEMS = 10;
    private static final String FILE = "file:";

    // Of access(5), what lets mail in. A list of exemptions cannot reject, and DUNNO would make the order matter.
    private static final Pattern ACCEPTS = Pattern.compile("(?:OK|PERMIT)(?:\\s.*)?|[0-9]+", Pattern.CASE_INSENSITIVE);

    /** The meaning of the values of a Postfix table. */
    enum Values {
        /** They must be OK. */
        ACCEPT,
        /** They mean nothing, as in {@code relay_domains}. */
        IGNORED
    }

    /**
     * The kind of a list.
     *
     * @param expected what an entry must be, for a message
     * @param reader reads one
     * @param values what the values of a Postfix table mean
     */
    record Kind<T>(String expected, Function<String, Optional<T>> reader, Values values) {}

    private final Path folder;
    private final Map<Path, FileStamp> files = new HashMap<>();
    private int entries;

    ListReader(Path folder) {
        this.folder = folder;
    }

    /** {@return the files that were read, as they were before that} */
    Map<Path, FileStamp> files() {
        return Map.copyOf(files);
    }

    /** The entries of a setting, those of its files included. */
    <T> List<T> values(ConfigSection section, String key, Kind<T> kind) {
        List<T> values = new ArrayList<>();
        each(section, key, kind, (value, list) -> values.add(value));
        return values;
    }

    /** Passes each entry of a setting, with the name of the file that it is from; the name is empty if there is none. */
    <T> void each(ConfigSection section, String key, Kind<T> kind, BiConsumer<T, String> target) {
        for (ConfigSection.Text text : section.texts(key)) {
            if (text.value().startsWith(FILE)) {
                file(section, key, text.value().substring(FILE.length()).strip(), kind, target);
            } else {
                kind.reader()
                        .apply(text.value())
                        .ifPresentOrElse(
                                value -> target.accept(value, ""),
                                () -> section.problem(text, ConfigSection.mustBe(key, kind.expected(), text.value())));
            }
        }
    }

    private <T> void file(ConfigSection section, String key, String name, Kind<T> kind, BiConsumer<T, String> target) {
        Optional<Path> path = name.isEmpty() ? Optional.empty() : ConfigValues.path(folder, name);
        if (path.isEmpty()) {
            section.problem(key, ConfigSection.mustBe(key, "file: and " + ConfigValues.FILE, FILE + name));
            return;
        }
        Path file = path.get();
        // Before it is read: a change while it is read is seen as one.
        files.put(file, FileStamp.of(file));
        try {
            List<String> problems = new ArrayList<>();
            int number = 0;
            for (Line line : lines(TextFile.read(file, MAX_BYTES))) {
                if (++number > MAX_ENTRIES || ++entries > MAX_ALL) {
                    problems.add(file + ":" + line.number() + ": too many entries; a file may have " + MAX_ENTRIES
                            + ", all files together " + MAX_ALL);
                    break;
                }
                Optional<String> problem = entry(key, kind, line, value -> target.accept(value, name));
                problem.ifPresent(text -> problems.add(file + ":" + line.number() + ": " + text));
            }
            problems.stream().limit(MAX_PROBLEMS).forEach(problem -> section.problem(key, problem));
            if (problems.size() > MAX_PROBLEMS) {
                section.problem(key, file + ": " + (problems.size() - MAX_PROBLEMS) + " more lines like these");
            }
        } catch (IOException e) {
            section.problem(key, key + ": " + ErrorText.of(e));
        }
    }

    /** The problem of a line; empty if it has been accepted. */
    private static <T> Optional<String> entry(String key, Kind<T> kind, Line line, Consumer<T> target) {
        String[] words = line.text().split("\\s+", 2);
        String value = words.length == 1 || words[1].startsWith("#") ? "" : words[1];
        if (kind.values() == Values.ACCEPT
                && !value.isEmpty()
                && !ACCEPTS.matcher(value).matches()) {
            return Optional.of(ConfigSection.mustBe("the action of " + words[0], "OK or absent", value));
        }
        Optional<T> read = kind.reader().apply(words[0]);
        read.ifPresent(target);
        return read.isPresent() ? Optional.empty() : Optional.of(ConfigSection.mustBe(key, kind.expected(), words[0]));
    }

    private record Line(int number, String text) {}

    // As postmap(1) reads them: a line that starts with a space continues the one before.
    private static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            boolean continues = Character.isWhitespace(line.charAt(0)) && !lines.isEmpty();
            if (continues) {
                Line last = lines.remove(lines.size() - 1);
                lines.add(new Line(last.number(), last.text() + " " + stripped));
            } else {
                lines.add(new Line(number, stripped));
            }
        }
        return lines;
    }
}
