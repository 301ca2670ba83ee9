package org.senderauth.checks;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The packages of the callout module depend on each other in one direction: the facade on all, all on outcome. */
class CalloutLayersTest {

    @Test
    void dependsOnlyTowardsOutcome() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("facade")
                .definedBy("org.senderauth.callout")
                .layer("inmemory")
                .definedBy("org.senderauth.callout.inmemory")
                .layer("state")
                .definedBy("org.senderauth.callout.state")
                .layer("probe")
                .definedBy("org.senderauth.callout.probe")
                .layer("prober")
                .definedBy("org.senderauth.callout.prober")
                .layer("reply")
                .definedBy("org.senderauth.callout.reply")
                .layer("outcome")
                .definedBy("org.senderauth.callout.outcome")
                .whereLayer("facade")
                .mayOnlyAccessLayers("inmemory", "state", "prober", "outcome")
                .whereLayer("inmemory")
                .mayOnlyAccessLayers("state", "outcome")
                .whereLayer("state")
                .mayOnlyAccessLayers("outcome")
                .whereLayer("probe")
                .mayOnlyAccessLayers("prober", "reply", "outcome")
                .whereLayer("prober")
                .mayOnlyAccessLayers("outcome")
                .whereLayer("reply")
                .mayOnlyAccessLayers("outcome")
                .whereLayer("outcome")
                .mayNotAccessAnyLayer()
                .check(new ClassFileImporter()
                        .withImportOption(new MainClasses())
                        .importPackages("org.senderauth.callout"));
    }
}
