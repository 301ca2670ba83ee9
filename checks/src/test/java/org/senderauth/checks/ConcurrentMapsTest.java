package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * {@code ConcurrentHashMap.computeIfAbsent} locks a part of the map even where the key is present, and a thread that loses its
 * processor meanwhile keeps the others waiting: 2,500 waits of more than 10 ms in a minute of decisions. So a class looks with
 * {@code get} first.
 */
class ConcurrentMapsTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    /** Who may compute, and why. */
    private static final Map<String, String> COMPUTES = Map.of(
            "org.senderauth.server.MetricRegistry", "looks first",
            "org.senderauth.callout.CalloutCounters", "looks first");

    @Test
    void computesOnlyAfterALook() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : MAIN) {
            if (makesConcurrentMap(type) && computesIfAbsent(type)) {
                found.add(type.getName());
            }
        }
        assertThat(found)
                .as("classes with a ConcurrentHashMap that call computeIfAbsent; look with get first, and enter them")
                .isEqualTo(new TreeSet<>(COMPUTES.keySet()));
    }

    private static boolean makesConcurrentMap(JavaClass type) {
        return type.getConstructorCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(ConcurrentHashMap.class));
    }

    private static boolean computesIfAbsent(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isAssignableTo(Map.class)
                        && call.getName().equals("computeIfAbsent"));
    }
}
