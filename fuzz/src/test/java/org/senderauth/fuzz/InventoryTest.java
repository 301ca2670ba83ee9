package org.senderauth.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each reader of text or bytes, public or not, is reached from a fuzz target, and each target is in the list. A reader is a
 * method whose name says that it reads, or a static one that may find nothing in a text.
 */
class InventoryTest {

    private static final Pattern NAMES = Pattern.compile(
            "(?:parse|read|load|open|decode|classify|lintText|unfold|flat|split|verify|reverse|strip)(?:[A-Z].*)?");
    private static final Set<Class<?>> BYTES =
            Set.of(byte[].class, InputStream.class, Reader.class, BufferedReader.class, ByteBuffer.class, Path.class);

    /** Readers that no target reaches, each with its reason. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "org.senderauth.batv.MessageContent.read(java.io.InputStream)",
            "classifies a MessageExcerpt, which a target fills in pieces",
            "org.senderauth.batv.MessageExcerpt.read(java.io.InputStream)",
            "appends the pieces of a stream, as a target does",
            "org.senderauth.callout.probe.DeadlineSocket$1.read([B, int, int)",
            "the stream of a socket; ReplyReader reads from it",
            "org.senderauth.cli.MessageFile.read(java.lang.String, java.io.InputStream)",
            "copies a file; what is in it is for other readers",
            "org.senderauth.server.ReloadStatus.read(java.nio.file.Path)",
            "a file that only the service writes, in its own directory",
            "org.senderauth.spf.flatten.TreeReader.read(org.xbill.DNS.Name, java.lang.String)",
            "parses a record with SpfParser");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.senderauth");

    @Test
    void reachesEachReaderFromATarget() {
        Set<JavaCodeUnit> reached = reached();
        Set<String> readers = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        classes.stream()
                .filter(owner -> !owner.getPackageName().startsWith("org.senderauth.testkit")
                        && !owner.getPackageName().equals("org.senderauth.fuzz")
                        && !owner.getName().endsWith("Fuzz"))
                .flatMap(owner -> owner.getMethods().stream())
                .filter(InventoryTest::isReader)
                .forEach(reader -> {
                    readers.add(reader.getFullName());
                    if (!reached.contains(reader)) {
                        missing.add(reader.getFullName());
                    }
                });
        assertThat(readers).hasSizeGreaterThan(100);
        assertThat(missing)
                .as("readers that no fuzz target reaches; write one, or say here why not")
                .containsExactlyInAnyOrderElementsOf(ELSEWHERE.keySet());
    }

    @Test
    void listsEachTarget() {
        List<String> targets = classes.stream()
                .filter(type ->
                        type.tryGetMethod("fuzzerTestOneInput", byte[].class).isPresent())
                .map(type -> type.getName())
                .toList();
        assertThat(Targets.all().keySet()).containsExactlyInAnyOrderElementsOf(targets);
    }

    private static boolean isReader(JavaMethod method) {
        if (method.getModifiers().contains(JavaModifier.PRIVATE)
                || method.getModifiers().contains(JavaModifier.SYNTHETIC)
                || method.getModifiers().contains(JavaModifier.ABSTRACT)) {
            return false;
        }
        boolean text = takes(method, Set.of(String.class, CharSequence.class));
        boolean named = NAMES.matcher(method.getName()).matches();
        boolean finds = method.getModifiers().contains(JavaModifier.STATIC)
                && method.getRawReturnType().isEquivalentTo(Optional.class);
        return (named || finds) && (text || takes(method, BYTES));
    }

    private static boolean takes(JavaMethod method, Set<Class<?>> types) {
        return method.getRawParameterTypes().stream()
                .anyMatch(parameter -> types.stream().anyMatch(parameter::isEquivalentTo));
    }

    // What the targets call, and so on. A call of one of our methods may be one of a method that overrides it, and a
    // class
    // that is used runs its static initializer.
    private Set<JavaCodeUnit> reached() {
        Set<JavaCodeUnit> reached = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        classes.stream()
                .filter(type -> type.getName().endsWith("Fuzz"))
                .flatMap(type -> type.getCodeUnits().stream())
                .forEach(open::add);
        while (!open.isEmpty()) {
            JavaCodeUnit next = open.pop();
            if (!reached.add(next)) {
                continue;
            }
            next.getOwner().getStaticInitializer().ifPresent(open::add);
            if (next instanceof JavaMethod method
                    && method.getOwner().getPackageName().startsWith("org.senderauth")) {
                overriding(method).forEach(open::add);
            }
            next.getCallsFromSelf()
                    .forEach(call -> call.getTarget().resolveMember().ifPresent(open::add));
            next.getCodeUnitReferencesFromSelf()
                    .forEach(reference -> reference.getTarget().resolveMember().ifPresent(open::add));
        }
        return reached;
    }

    private static Stream<JavaMethod> overriding(JavaMethod method) {
        String[] parameters =
                method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
        return method.getOwner().getAllSubclasses().stream()
                .flatMap(type -> type.tryGetMethod(method.getName(), parameters).stream());
    }
}
