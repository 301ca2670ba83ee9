package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** The table of docs/library.md says how large each module is, to a third. */
class ModuleBytesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `senderauth-([a-z0-9]+)` \\| (\\d+) KB \\|");
    private static final Pattern ENTRY = Pattern.compile(
            ".*/(?:([a-z0-9]+)/target/(?:classes|senderauth\\.jar)|senderauth-([a-z0-9]+)-[0-9][^/]*(?<!-tests)\\.jar)");
    private static final List<String> NOT_PUBLISHED = List.of("checks", "examples", "benchmarks", "fuzz", "peers");

    @Test
    void tableNamesEachModuleWithItsSize() throws IOException {
        Map<String, Integer> table = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/library.md")));
        while (rows.find()) {
            table.put(rows.group(1), Integer.parseInt(rows.group(2)));
        }
        Map<String, Integer> modules = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Matcher module = ENTRY.matcher(entry);
            if (module.matches()) {
                modules.put(module.group(1) == null ? module.group(2) : module.group(1), kilobytes(Path.of(entry)));
            }
        }
        modules.keySet().removeAll(NOT_PUBLISHED);
        assertThat(table.keySet()).as("measured: " + modules).isEqualTo(modules.keySet());
        modules.forEach((module, size) -> assertThat(table.get(module))
                .as("KB of senderauth-" + module + "; measured: " + modules)
                .isBetween(size * 2 / 3 - 1, size * 4 / 3 + 1));
    }

    private static int kilobytes(Path entry) throws IOException {
        if (!Files.isDirectory(entry)) {
            return (int) Math.round(Files.size(entry) / 1000.0);
        }
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar);
                Stream<Path> files = Files.walk(entry)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(entry.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
                zip.closeEntry();
            }
        }
        return (int) Math.round(jar.size() / 1000.0);
    }
}
