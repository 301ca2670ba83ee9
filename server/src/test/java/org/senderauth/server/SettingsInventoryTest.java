package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * docs/operations.md lists each setting that the service reads, and no other: an unknown setting in each section makes the
 * service name those that it knows.
 */
class SettingsInventoryTest {

    private static final String UNKNOWN = "zzzzzzzzzzzz";
    private static final Pattern KNOWN = Pattern.compile("unknown setting \"" + UNKNOWN + "([0-9]+)\"; known: (.*)");
    private static final Pattern COMMENTED = Pattern.compile("(?m)^( *)# ( *(?:# )?(?!default:)[a-z][a-z0-9-]*:.*)$");

    /** Sections whose settings are names of something else, which another page lists. */
    private static final Map<String, String> NAMES = Map.of(
            "exempt.steps", "each step, as below steps",
            "steps.callout.replies", "each reason; callout.md");

    /** What every step has; the guide shows it at some. */
    private static final Set<String> OF_EVERY_STEP = Set.of("mode", "on-tempfail");

    @TempDir
    Path folder;

    /** All settings of the guide, with those that are comments. */
    private static Map<String, Object> documented() {
        String block = DocumentedConfig.of("operations.md").block("# all settings");
        for (String before = ""; !before.equals(block); ) {
            before = block;
            block = COMMENTED.matcher(block).replaceAll("$1$2");
        }
        return new Yaml().load(block);
    }

    private static Set<String> documentedRedis() {
        String block = DocumentedConfig.of("redis.md").block("redis:\n  uri: rediss://");
        Map<String, Map<String, Object>> settings = new Yaml().load(block);
        return settings.get("redis").keySet();
    }

    @SuppressWarnings("unchecked")
    private static void sections(String path, Map<String, Object> section, Map<String, Map<String, Object>> all) {
        all.put(path, section);
        section.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                sections(path.isEmpty() ? key : path + '.' + key, (Map<String, Object>) inner, all);
            }
        });
    }

    @Test
    void guideListsEachSettingOnce() throws Exception {
        Map<String, Object> settings = documented();
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        sections("", settings, sections);
        Map<String, Set<String>> shown = new LinkedHashMap<>();
        List<String> paths = new ArrayList<>();
        sections.forEach((path, section) -> {
            shown.put(path, new TreeSet<>(section.keySet()));
            section.put(UNKNOWN + paths.size(), "1");
            paths.add(path);
        });
        Path config = Files.writeString(folder.resolve("senderauth.yaml"), new Yaml().dump(settings));
        ConfigException problems = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(config));
        Set<String> found = new TreeSet<>();
        List<String> differences = new ArrayList<>();
        for (String problem : problems.problems()) {
            Matcher known = KNOWN.matcher(problem);
            if (problem.contains("unknown setting") && !known.find()) {
                differences.add("in the guide and unknown: " + problem);
            } else if (known.find(0)) {
                String path = paths.get(Integer.parseInt(known.group(1)));
                found.add(path);
                Set<String> missing = new TreeSet<>(Arrays.asList(known.group(2).split(", ")));
                missing.removeAll(shown.get(path));
                if (NAMES.containsKey(path)) {
                    continue;
                }
                if (path.equals("redis")) {
                    missing.removeAll(documentedRedis());
                }
                if (path.startsWith("steps.")) {
                    missing.removeAll(OF_EVERY_STEP);
                }
                if (!missing.isEmpty()) {
                    differences.add("not in the guide, section \"" + path + "\": " + missing);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(found).hasSizeGreaterThan(15).contains("", "listen", "steps.callout", "steps.callout.limits");
    }
}
