package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/public-types.md lists the public types of each module, so a change of the public surface is seen in a review. */
class PublicTypesTest {

    private static final Path LIST = Path.of("../docs/public-types.md");
    private static final Path ACTUAL = Path.of("target/public-types.md");

    /** An export to all modules. */
    private static final Pattern EXPORT = Pattern.compile("(?m)^ *exports ([a-z0-9.]+);");

    private static final String JAMES = "org.senderauth.james";

    @Test
    void listIsComplete() throws IOException {
        String actual = list();
        Files.writeString(ACTUAL, actual);
        assertThat(Files.exists(LIST) ? Files.readString(LIST) : "")
                .as("public types changed; if that is intended, run: cp checks/%s docs/public-types.md", ACTUAL)
                .isEqualTo(actual);
    }

    private static String list() throws IOException {
        Map<String, TreeSet<String>> types = new TreeMap<>();
        for (String exported : exportedPackages()) {
            types.put(exported, new TreeSet<>());
        }
        for (JavaClass type :
                new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth")) {
            TreeSet<String> names = types.get(type.getPackageName());
            if (names != null && isPublic(type)) {
                names.add(type.getName()
                        .substring(type.getPackageName().length() + 1)
                        .replace('$', '.'));
            }
        }
        StringBuilder text = new StringBuilder("""
                # Public types

                The public types of each exported package: the API that [versioning.md](versioning.md) speaks of. `PublicTypesTest`
                in `checks` writes this list and fails when it differs.

                | package | types | with nested |
                |---|---|---|
                """);
        types.forEach((name, names) -> text.append("| `%s` | %d | %d |%n"
                .formatted(
                        name,
                        names.stream().filter(type -> type.indexOf('.') < 0).count(),
                        names.size())));
        types.forEach((name, names) -> {
            text.append("\n## ").append(name).append("\n\n");
            names.forEach(type -> text.append("- `").append(type).append("`\n"));
        });
        return text.toString();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicTypesTest::isPublic).orElse(true);
    }

    private static List<String> exportedPackages() throws IOException {
        try (Stream<Path> sources = Stream.concat(modules(Path.of("..")), modules(Path.of("../integrations")))) {
            Stream<String> exported = sources.map(module -> module.resolve("src/main/java/module-info.java"))
                    .filter(Files::exists)
                    .flatMap(PublicTypesTest::exports);
            // James's adapter has no module descriptor: all of it is API.
            return Stream.concat(exported, Stream.of(JAMES)).toList();
        }
    }

    private static Stream<Path> modules(Path folder) throws IOException {
        return Files.list(folder);
    }

    private static Stream<String> exports(Path descriptor) {
        try {
            Matcher matcher = EXPORT.matcher(Files.readString(descriptor));
            return matcher.results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
