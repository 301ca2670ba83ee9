package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** James went from javax to jakarta between 3.8 and 3.9; classes that name neither run with both. */
class JavaxJakartaTest {

    @Test
    void usesNoMailApiOrInjectionFramework() throws Exception {
        Path classes = Path.of(SenderPolicyHook.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> compiled =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            assertThat(compiled).hasSizeGreaterThan(6);
            for (Path file : compiled) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("javax/", "jakarta/", "com/google/");
            }
        }
    }
}
