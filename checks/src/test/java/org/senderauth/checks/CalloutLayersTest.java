package org.senderauth.checks;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The packages of the callout module depend on each other in one direction: facade, state, probe, outcome. */
class CalloutLayersTest {

    @Test
    void dependsOnlyTowardsOutcome() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("facade")
                .definedBy("org.senderauth.callout")
                .layer("state")
                .definedBy("org.senderauth.callout.state")
                .layer("probe")
                .definedBy("org.senderauth.callout.probe")
                .layer("outcome")
                .definedBy("org.senderauth.callout.outcome")
                .whereLayer("facade")
                .mayOnlyAccessLayers("state", "probe", "outcome")
                .whereLayer("state")
                .mayOnlyAccessLayers("probe", "outcome")
                .whereLayer("probe")
                .mayOnlyAccessLayers("outcome")
                .whereLayer("outcome")
                .mayNotAccessAnyLayer()
                .check(new ClassFileImporter()
                        .withImportOption(new MainClasses())
                        .importPackages("org.senderauth.callout"));
    }
}
