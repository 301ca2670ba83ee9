package org.senderauth.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each public reader of text or bytes is called by a fuzz target, and each target is in the list. */
class InventoryTest {

    private static final Set<String> NAMES =
            Set.of("parse", "parseExplanation", "read", "readWeak", "lintText", "classify");
    private static final Set<Class<?>> SOURCES = Set.of(String.class, byte[].class, InputStream.class, Path.class);

    /** Readers without a target of their own, each with its reason. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry(
                    "org.senderauth.server.ReloadStatus.read(java.nio.file.Path)",
                    "a file that only the service writes, in its own directory"),
            Map.entry(
                    "org.senderauth.batv.MessageContent.read(java.io.InputStream)",
                    "fills the array that of(byte[]) reads"),
            Map.entry(
                    "org.senderauth.batv.MessageExcerpt.read(java.io.InputStream)",
                    "copies bytes; MessageContent reads them"),
            Map.entry(
                    "org.senderauth.callout.outcome.ServerReply$Line.parse(java.lang.String)", "called by ReplyReader"),
            Map.entry(
                    "org.senderauth.dkim2.Dkim2SigningKey.read(java.lang.String, java.lang.String, java.nio.file.Path)",
                    "the JDK's reader of a key file of the host's owner"),
            Map.entry("org.senderauth.spf.syntax.IpAddress.parse(java.lang.String)", "called by SpfParser"),
            Map.entry("org.senderauth.srs.SrsKeyFile.readWeak(java.nio.file.Path)", "as read, with another minimum"),
            Map.entry(
                    "org.senderauth.powerdns.SigningKey.read(java.nio.file.Path)",
                    "the JDK's reader of a key file of the host's owner"),
            Map.entry(
                    "org.senderauth.policy.Network.parse(java.lang.String)",
                    "called for each network of a configuration"),
            Map.entry(
                    "org.senderauth.postfix.ListenAddress.parse(java.lang.String)",
                    "called for each address of a configuration"),
            Map.entry(
                    "org.senderauth.core.SecretFiles.read(java.nio.file.Path)", "called by each reader of key files"));

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.senderauth");

    @Test
    void callsEachPublicReaderFromATarget() {
        Map<String, Boolean> readers = new TreeMap<>();
        classes.stream()
                .filter(owner -> owner.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(owner -> !owner.getPackageName().startsWith("org.senderauth.testkit"))
                .flatMap(owner -> owner.getMethods().stream())
                .filter(InventoryTest::isReader)
                .forEach(reader -> readers.put(name(reader), isFuzzed(reader)));
        assertThat(readers).hasSizeGreaterThan(15);
        assertThat(readers.entrySet().stream()
                        .filter(reader -> !reader.getValue() && !ELSEWHERE.containsKey(reader.getKey())))
                .as("readers without a fuzz target; write one, or say here why not")
                .isEmpty();
        assertThat(readers.keySet()).as("reasons for readers that exist").containsAll(ELSEWHERE.keySet());
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
        return method.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.STATIC))
                && NAMES.contains(method.getName())
                && method.getRawParameterTypes().stream()
                        .anyMatch(type -> SOURCES.stream().anyMatch(source -> type.isEquivalentTo(source)));
    }

    private static boolean isFuzzed(JavaMethod reader) {
        return reader.getAccessesToSelf().stream()
                        .anyMatch(access -> access.getOriginOwner().getName().endsWith("Fuzz"))
                || reader.getReferencesToSelf().stream()
                        .anyMatch(access -> access.getOriginOwner().getName().endsWith("Fuzz"));
    }

    private static String name(JavaMethod method) {
        return method.getFullName();
    }
}
