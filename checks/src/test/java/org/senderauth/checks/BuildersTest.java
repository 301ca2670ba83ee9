package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.CalloutVerifierBuilder;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.milter.PolicyMilter;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyAction;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;
import org.senderauth.spf.zone.SpfZone;

/** Every public builder refuses a wrong value in the call that passes it, with a message that names the parameter and the value. */
class BuildersTest {

    private static final List<Class<?>> BUILDERS = new ClassFileImporter()
            .withImportOption(new MainClasses()).importPackages("org.senderauth").stream()
                    .filter(type -> type.getSimpleName().endsWith("Builder"))
                    .filter(BuildersTest::isPublic)
                    .<Class<?>>map(JavaClass::reflect)
                    .toList();

    /** Builders that need arguments, and how one is made. A builder with {@code builder()} needs no entry. */
    private static final Map<Class<?>, Supplier<?>> WITH_ARGUMENTS = Map.of(
            CalloutVerifierBuilder.class, () -> CalloutVerifier.builder((request, listener) -> {}),
            ProbeSettings.Builder.class, () -> ProbeSettings.builder("mx.example.org"),
            CalloutRequest.Builder.class, () -> CalloutRequest.sender("alice@example.org"),
            AuthResult.Builder.class, () -> AuthResult.builder("spf", "pass"),
            SenderPolicyBuilder.class, () -> SenderPolicy.builder("mx.example.org"),
            PolicyMilter.Builder.class, () -> PolicyMilter.builder(policy(), "mx.example.org"),
            MtaServer.Builder.class, () -> MtaServer.builder(protocol(), Runnable::run),
            SesZone.Builder.class, () -> SesZone.builder(ses(), "ns.example.org"),
            SpfZone.Builder.class, () -> SpfZone.builder(ZoneDnsClient.builder().build(), "ns.example.org"),
            SesDnsServer.Builder.class,
                    () -> SesDnsServer.builder(SesZone.builder(ses(), "ns.example.org")
                            .domain("example.org")
                            .build()));

    /** Texts that may be empty: each is content, not a name. */
    private static final Set<String> MAY_BE_EMPTY =
            Set.of("AuthResult.Builder.reason", "Exemptions.Builder.list", "ZoneDnsClient.Builder.text");

    private static SenderPolicy policy() {
        return SenderPolicy.builder("mx.example.org")
                .ses(ses(), Set.of("example.org"))
                .build();
    }

    private static PolicyProtocol protocol() {
        return new PolicyProtocol(request -> PolicyAction.DUNNO);
    }

    private static Ses ses() {
        SesKey key = SesKey.of(SecretKeys.generate(new SecureRandom()));
        return Ses.builder()
                .keyring(SesKeyring.builder().add("example.org", key).build())
                .build();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(BuildersTest::isPublic).orElse(true);
    }

    private static @Nullable Object start(Class<?> builder) {
        Supplier<?> known = WITH_ARGUMENTS.get(builder);
        if (known != null) {
            return known.get();
        }
        try {
            return builder.getEnclosingClass().getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    static Stream<Class<?>> builders() {
        return BUILDERS.stream();
    }

    /** The public methods of all builders that set something. */
    static Stream<Arguments> setters() {
        return BUILDERS.stream()
                .flatMap(builder -> Arrays.stream(builder.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers())
                                && !Modifier.isStatic(method.getModifiers())
                                && !method.isSynthetic()
                                && method.getParameterCount() > 0)
                        .map(method -> arguments(builder, method)));
    }

    static Stream<Arguments> settersOfReferences() {
        return setters().filter(arguments -> {
            AnnotatedType[] parameters = ((Method) arguments.get()[1]).getAnnotatedParameterTypes();
            return Arrays.stream(parameters).anyMatch(parameter -> !isPrimitive(parameter))
                    && Arrays.stream(parameters).noneMatch(parameter -> parameter.isAnnotationPresent(Nullable.class));
        });
    }

    static Stream<Arguments> settersOfOneValue() {
        return setters().flatMap(arguments -> {
            Method setter = (Method) arguments.get()[1];
            if (setter.getParameterCount() != 1 || MAY_BE_EMPTY.contains(name(setter))) {
                return Stream.empty();
            }
            Object wrong = WRONG_VALUES.get(setter.getParameterTypes()[0]);
            return wrong == null
                    ? Stream.empty()
                    : Stream.of(arguments(arguments.get()[0], setter, wrong));
        });
    }

    /** No builder has a setting that may be one of these. */
    private static final Map<Class<?>, Object> WRONG_VALUES =
            Map.of(int.class, -1, long.class, -1L, Duration.class, Duration.ofSeconds(-1), String.class, "");

    private static boolean isPrimitive(AnnotatedType parameter) {
        return parameter.getType() instanceof Class<?> type && type.isPrimitive();
    }

    private static String name(Method setter) {
        return setter.getDeclaringClass().getName().replaceAll(".*[.]", "").replace('$', '.') + "." + setter.getName();
    }

    @Test
    void findsBuildersOfAllKinds() {
        assertThat(BUILDERS)
                .contains(
                        SenderPolicyBuilder.class,
                        MtaServer.Builder.class,
                        SesZone.Builder.class,
                        SesDnsServer.Builder.class,
                        CalloutVerifierBuilder.class);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void knowsHowToStartEveryBuilder(Class<?> builder) {
        assertThat(start(builder)).as("add it to WITH_ARGUMENTS").isInstanceOf(builder);
    }

    @ParameterizedTest
    @MethodSource("settersOfReferences")
    void rejectsNullAtOnceAndNamesIt(Class<?> builder, Method setter) {
        Object[] nothing = Arrays.stream(setter.getParameterTypes())
                .map(BuildersTest::nothing)
                .toArray();
        assertThatThrownBy(() -> setter.invoke(start(builder), nothing))
                .as(name(setter))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(NullPointerException.class)
                // The name of the parameter or property, not the text that the JVM makes.
                .message()
                .matches("[a-z][A-Za-z]*");
    }

    @ParameterizedTest
    @MethodSource("settersOfOneValue")
    void rejectsWrongValueAtOnceAndNamesBoth(Class<?> builder, Method setter, Object wrong) {
        assertThatThrownBy(() -> setter.invoke(start(builder), wrong))
                .as(name(setter))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setter.getName())
                .hasMessageContaining("must")
                .hasMessageContaining(wrong.toString());
    }

    private static @Nullable Object nothing(Class<?> type) {
        return type == int.class
                ? (Object) 1
                : type == long.class
                        ? (Object) 1L
                        : type == boolean.class ? (Object) true : type == char.class ? '+' : null;
    }

    @Test
    void rejectsEmptyHostname() {
        assertThatThrownBy(() -> SenderPolicy.builder(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hostname");
    }

    @Test
    void rejectsPolicyWithoutSteps() {
        assertThatThrownBy(() -> SenderPolicy.builder("mx.example.org").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("step");
    }
}
