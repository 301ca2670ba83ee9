package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;

/**
 * No main code uses the JVM's common pool, not even as the default of a library. Where it has a single thread, on machines
 * with one or two cores, CompletableFuture replaces it by a new thread for each task. Where it has more, the program that
 * uses this library shares them.
 */
class CommonPoolTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    /** Classes of dnsjava that query on the common pool by default. */
    private static final Set<String> LOOKUPS = Set.of("org.xbill.DNS.Lookup", "org.xbill.DNS.lookup.LookupSession");

    @Test
    void mainCodeNamesItsExecutors() {
        assertThat(uses(MAIN.stream()
                        .filter(type -> !type.getPackageName().startsWith("org.senderauth.peers"))
                        .toList()))
                .as("uses of the common pool; pass an executor")
                .isEmpty();
        assertThat(MAIN).as("classes that were searched").hasSizeGreaterThan(500);
    }

    @Test
    void rulesFindEachUse() {
        JavaClasses samples = new ClassFileImporter().importClasses(Samples.class);
        assertThat(uses(samples.stream().toList()))
                .extracting(use -> use.substring(0, use.indexOf(": ")))
                .containsExactly(
                        "cache",
                        "delay",
                        "lookUp",
                        "onStage",
                        "parallel",
                        "parallelStream",
                        "pool",
                        "reference",
                        "run",
                        "send",
                        "sendAsync",
                        "supply");
    }

    private static Set<String> uses(List<JavaClass> types) {
        return types.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .flatMap(CommonPoolTest::uses)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> uses(JavaCodeUnit unit) {
        List<JavaAccess<?>> accesses = Stream.of(
                        unit.getMethodCallsFromSelf(),
                        unit.getMethodReferencesFromSelf(),
                        unit.getConstructorCallsFromSelf())
                .<JavaAccess<?>>flatMap(Set::stream)
                .toList();
        Stream<String> direct =
                accesses.stream().filter(CommonPoolTest::isOnCommonPool).map(JavaAccess::getDescription);
        // A cache runs its maintenance on the common pool unless its builder names an executor.
        long caches = count(accesses, "newBuilder") + count(accesses, "from");
        Stream<String> cached = caches > count(accesses, "executor")
                ? Stream.of("a cache without an executor in " + unit.getFullName())
                : Stream.empty();
        return Stream.concat(direct, cached).map(use -> unit.getName() + ": " + use);
    }

    private static long count(List<JavaAccess<?>> accesses, String name) {
        return accesses.stream()
                .filter(access -> access.getTargetOwner().isEquivalentTo(Caffeine.class)
                        && access.getName().equals(name))
                .count();
    }

    private static boolean isOnCommonPool(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        if (owner.isEquivalentTo(ForkJoinPool.class)) {
            return name.equals("commonPool");
        }
        if (owner.isAssignableTo(CompletionStage.class)) {
            return (name.endsWith("Async") || name.equals("delayedExecutor")) && !takesExecutor(access);
        }
        if (owner.isAssignableTo(Resolver.class)) {
            return name.equals("send") || name.equals("sendAsync") && !takesExecutor(access);
        }
        return name.equals("parallelStream")
                || name.equals("parallel") && owner.isAssignableTo(BaseStream.class)
                || LOOKUPS.contains(owner.getName());
    }

    private static boolean takesExecutor(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(Executor.class));
    }

    /** One use of each kind, and the same with an executor. */
    @SuppressWarnings("unused")
    private static final class Samples {

        private final Executor executor = Runnable::run;

        Executor pool() {
            return ForkJoinPool.commonPool();
        }

        CompletableFuture<String> supply() {
            return CompletableFuture.supplyAsync(() -> "a");
        }

        CompletableFuture<Void> run() {
            return CompletableFuture.runAsync(() -> {});
        }

        CompletionStage<String> onStage(CompletionStage<String> stage) {
            return stage.thenApplyAsync(text -> text);
        }

        Function<Supplier<String>, CompletableFuture<String>> reference() {
            return CompletableFuture::supplyAsync;
        }

        Executor delay() {
            return CompletableFuture.delayedExecutor(1, TimeUnit.DAYS);
        }

        Stream<String> parallel(Stream<String> texts) {
            return texts.parallel();
        }

        Stream<String> parallelStream(List<String> texts) {
            return texts.parallelStream();
        }

        Cache<String, String> cache() {
            return Caffeine.newBuilder().maximumSize(1).build();
        }

        Message send(Resolver resolver) throws IOException {
            return resolver.send(new Message());
        }

        CompletionStage<Message> sendAsync(Resolver resolver) {
            return resolver.sendAsync(new Message());
        }

        Object lookUp() throws IOException {
            return new org.xbill.DNS.Lookup("example.org.");
        }

        CompletionStage<String> supplyOnExecutor() {
            return CompletableFuture.supplyAsync(() -> "a", executor)
                    .thenApplyAsync(text -> text, CompletableFuture.delayedExecutor(1, TimeUnit.DAYS, executor));
        }

        Cache<String, String> cacheWithExecutor() {
            return Caffeine.newBuilder().maximumSize(1).executor(executor).build();
        }

        CompletionStage<Message> sendOnExecutor(Resolver resolver) {
            return resolver.sendAsync(new Message(), executor);
        }
    }
}
