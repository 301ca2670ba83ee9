package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/limits.md lists each limit of the main code once, with its value. */
class LimitsTest {

    private static final Path LIST = Path.of("..", "docs", "limits.md");
    private static final Path CURRENT = Path.of("target", "limits.md");

    /** How constants that limit something are named. */
    private static final Pattern LIMIT = Pattern.compile(
            "(.*_)?(MAX|MAXIMUM|LIMIT|LONGEST|LARGEST|MOST)(_.*)?|DEFAULT_(SIZE|DEADLINE|LEDGER_TIMEOUT)|.*_(TIMEOUT|DEADLINE)");

    private static final Set<String> TYPES =
            Set.of("int", "long", Duration.class.getName(), Integer.class.getName(), Long.class.getName());

    private static final String HEADER = """
            # Limits

            The constants of the code that limit what a client, a server or the DNS can cost, or how long it may take. Sizes
            are in bytes unless the name says otherwise; what each is for is in its Javadoc or at its line. The limits that can
            be set are in [operations.md](operations.md#settings), the bounds of memory in [security.md](security.md#memory).

            | limit | value |
            |---|---|
            """;

    @Test
    void listIsComplete() throws Exception {
        Map<String, String> limits = new TreeMap<>(new ClassFileImporter()
                .withImportOption(new MainClasses()).importPackages("org.senderauth").stream()
                        .filter(type -> !type.getPackageName().matches("org[.]senderauth[.](testkit|peers).*"))
                        // Compiled with libraries of James that are absent here; its limits are those of the policy.
                        .filter(type -> !type.getPackageName().startsWith("org.senderauth.james"))
                        .flatMap(type -> type.getFields().stream())
                        .filter(LimitsTest::isLimit)
                        .collect(Collectors.toMap(LimitsTest::name, LimitsTest::value)));
        assertThat(limits).hasSizeGreaterThan(50);
        String current = limits.entrySet().stream()
                .map(limit -> "| `" + limit.getKey() + "` | " + limit.getValue() + " |\n")
                .collect(Collectors.joining("", HEADER, ""));
        Files.writeString(CURRENT, current);
        assertThat(Files.exists(LIST) ? Files.readString(LIST) : "")
                .as("limits changed; if that is intended, run: cp checks/target/limits.md docs/limits.md")
                .isEqualTo(current);
    }

    private static boolean isLimit(JavaField field) {
        return field.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL))
                && TYPES.contains(field.getRawType().getName())
                && LIMIT.matcher(field.getName()).matches();
    }

    private static String name(JavaField field) {
        return field.getFullName().substring("org.senderauth.".length());
    }

    private static String value(JavaField field) {
        try {
            Field constant = Class.forName(field.getOwner().getName()).getDeclaredField(field.getName());
            constant.setAccessible(true);
            Object value = constant.get(null);
            return value instanceof Duration time
                    ? time.toString().substring(1).replaceFirst("^T", "").toLowerCase(java.util.Locale.ROOT)
                    : value.toString();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(field.getFullName(), e);
        }
    }
}
