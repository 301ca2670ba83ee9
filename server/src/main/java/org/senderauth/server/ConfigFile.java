package org.senderauth.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import org.senderauth.server.ConfigSection.Problems;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A YAML configuration file: its settings with their line numbers. */
final class ConfigFile {

    private static final int MAX_BYTES = 1024 * 1024;

    private ConfigFile() {}

    /**
     * Reads the text of a file.
     *
     * @throws IOException if it cannot be read at all; the message names it
     */
    static String text(Path file) throws IOException {
        return TextFile.read(file, MAX_BYTES);
    }

    /**
     * Parses the text of a file.
     *
     * @return its settings; empty if it has none, which is then one of the problems
     */
    static Optional<ConfigSection> parse(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(MAX_BYTES);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null
                    || root instanceof ScalarNode scalar && scalar.getValue().isBlank()) {
                problems.add(1, "empty file; see docs/operations.md for an example");
                return Optional.empty();
            }
            ConfigSection section = ConfigSection.of(problems, "the file", root);
            return root instanceof MappingNode ? Optional.of(section) : Optional.empty();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(
                    mark == null ? 1 : mark.getLine() + 1,
                    "invalid YAML: " + e.getProblem() + "; check indentation, colons and quotes");
        } catch (YAMLException e) {
            problems.add(1, "invalid YAML: " + ErrorText.of(e));
        }
        return Optional.empty();
    }
}
