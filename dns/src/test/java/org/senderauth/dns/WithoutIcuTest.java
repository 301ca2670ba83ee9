package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ICU4J may be excluded by those who have no names beyond ASCII. */
class WithoutIcuTest {

    private static URL[] classPath() {
        String all =
                System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path");
        Stream<Path> jars = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty() && !entry.contains("icu4j"))
                .map(Path::of);
        return Stream.concat(Stream.of(Path.of("target", "classes")), jars)
                .map(WithoutIcuTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toAbsolutePath().toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void namesInAsciiDoNotNeedItAndOthersAreNotValid() throws Exception {
        try (URLClassLoader without = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> names = without.loadClass(DomainNames.class.getName());
            assertThat(names).isNotSameAs(DomainNames.class);
            Method of = names.getMethod("of", String.class);
            Method toAscii = names.getMethod("toAscii", String.class);
            assertThat(of.invoke(null, "example.org")).hasToString("example.org.");
            assertThat(toAscii.invoke(null, "example.org")).isEqualTo(Optional.of("example.org"));
            assertThat(toAscii.invoke(null, "b\u00fccher.example")).isEqualTo(Optional.empty());
            assertThatThrownBy(() -> of.invoke(null, "b\u00fccher.example"))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("com.ibm.icu:icu4j");
        }
        assertThat(DomainNames.of("b\u00fccher.example")).hasToString("xn--bcher-kva.example.");
    }
}
