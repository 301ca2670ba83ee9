package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.senderauth.cli.serve.Section.Problems;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A configuration file as YAML: its settings with the lines on which they stand. */
final class ConfigFile {

    private static final int MAX_OCTETS = 1024 * 1024;

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @return its settings; nothing if it has none, which is then noted with the problems
     * @throws IOException if it cannot be read at all; the message names it
     */
    static Optional<Section> read(Path file, Problems problems) throws IOException {
        return parse(text(file), problems);
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (Files.size(file) > MAX_OCTETS) {
            throw new IOException(file + ": a configuration file has at most " + MAX_OCTETS + " octets");
        }
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new IOException(file + ": the file is not UTF-8 text", e);
        }
    }

    private static Optional<Section> parse(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(MAX_OCTETS);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null
                    || root instanceof ScalarNode scalar && scalar.getValue().isBlank()) {
                problems.add(1, "the file is empty; docs/operations.md has one to start from");
                return Optional.empty();
            }
            Section section = Section.of(problems, "the file", root);
            return root instanceof MappingNode ? Optional.of(section) : Optional.empty();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(
                    mark == null ? 1 : mark.getLine() + 1,
                    "this is not YAML: " + e.getProblem() + "; look at indentation, colons and quotes");
        } catch (YAMLException e) {
            problems.add(1, "this is not YAML: " + Reasons.of(e));
        }
        return Optional.empty();
    }
}
