package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.probe.ProbeSettings;

/** What a programmer leaves out is found where he leaves it out, and not by the first mail. */
class BuildersTest {

    static Stream<Arguments> setters() {
        Stream<Object> started = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.senderauth")
                        .stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(BuildersTest::startsABuilder)
                        .map(JavaMethod::reflect)
                        .map(BuildersTest::start);
        Stream<Object> withArguments =
                Stream.of(CalloutVerifier.builder((request, listener) -> {}), ProbeSettings.builder("mx.example.org"));
        return Stream.concat(started, withArguments)
                .flatMap(builder -> Arrays.stream(builder.getClass().getDeclaredMethods())
                        .filter(BuildersTest::isSetter)
                        .map(setter -> Arguments.of(builder, setter)));
    }

    private static Object start(Method method) {
        try {
            return method.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("setters")
    void aBuilderRefusesNullAtOnce(Object builder, Method setter) {
        Object[] nothing = Arrays.stream(setter.getParameterTypes())
                .map(BuildersTest::nothing)
                .toArray();
        assertThatThrownBy(() -> setter.invoke(builder, nothing))
                .isInstanceOf(InvocationTargetException.class)
                .hasCauseInstanceOf(NullPointerException.class);
    }

    private static boolean startsABuilder(JavaMethod method) {
        return method.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.STATIC))
                && method.getParameters().isEmpty()
                && method.getRawReturnType().getSimpleName().endsWith("Builder");
    }

    private static boolean isSetter(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && Arrays.stream(method.getAnnotatedParameterTypes()).anyMatch(BuildersTest::isNeeded)
                && Arrays.stream(method.getAnnotatedParameterTypes())
                        .noneMatch(parameter -> parameter.isAnnotationPresent(Nullable.class));
    }

    private static boolean isNeeded(AnnotatedType parameter) {
        return !(parameter.getType() instanceof Class<?> type && type.isPrimitive());
    }

    private static @Nullable Object nothing(Class<?> type) {
        return type == int.class ? (Object) 1 : type == long.class ? (Object) 1L : type == boolean.class ? true : null;
    }
}
