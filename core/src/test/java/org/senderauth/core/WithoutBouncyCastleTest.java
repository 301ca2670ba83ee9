package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Bouncy Castle may be excluded by those who derive no keys. */
class WithoutBouncyCastleTest {

    private static final SecretKey MASTER = new SecretKeySpec(new byte[32], "RAW");

    @Test
    void onlyKeyDerivationRequiresBouncyCastle() throws Exception {
        URL[] classes = {Path.of("target", "classes").toUri().toURL()};
        try (URLClassLoader without = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> keys = without.loadClass(SecretKeys.class.getName());
            assertThat(keys).isNotSameAs(SecretKeys.class);
            assertThat(keys.getMethod("of", byte[].class).invoke(null, (Object) new byte[16]))
                    .isInstanceOf(SecretKey.class);
            Method derive = keys.getMethod("derive", SecretKey.class, String.class, String.class);
            assertThatThrownBy(() -> derive.invoke(null, MASTER, "batv", "example.org"))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "derived keys require Bouncy Castle; add org.bouncycastle:bcprov-jdk18on to the class path");
        }
    }
}
