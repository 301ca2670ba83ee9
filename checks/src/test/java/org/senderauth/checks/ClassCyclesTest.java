package org.senderauth.checks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Classes of the SPF module that depend on each other in a cycle can only be understood together. */
class ClassCyclesTest {

    /** Families that mean one thing: sealed types with their variants, and a result with its text. */
    private static final List<Set<String>> FAMILIES = List.of(
            Set.of("Term", "Mechanism", "Modifier"),
            Set.of("SpfParseResult", "SpfRecord", "MalformedRecord"),
            Set.of("SpfResult", "SpfFormatter"),
            Set.of("FlattenOutcome", "FlattenedRecords", "AuthorizedNetworks"));

    private static final SliceAssignment TOP_LEVEL_CLASSES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            JavaClass top = type;
            while (top.getEnclosingClass().isPresent()) {
                top = top.getEnclosingClass().get();
            }
            String name = top.getSimpleName();
            return SliceIdentifier.of(FAMILIES.stream()
                    .filter(family -> family.contains(name))
                    .map(Object::toString)
                    .findFirst()
                    .orElse(top.getName()));
        }

        @Override
        public String getDescription() {
            return "top-level classes of SPF";
        }
    };

    @Test
    void spfClassesHaveNoCycles() {
        slices().assignedFrom(TOP_LEVEL_CLASSES)
                .should()
                .beFreeOfCycles()
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.senderauth.spf"));
    }
}
