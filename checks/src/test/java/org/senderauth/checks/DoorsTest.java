package org.senderauth.checks;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.junit.jupiter.api.Test;

/** The doors between the rooms, as docs/architecture.md draws them. */
class DoorsTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.senderauth");

    @Test
    void roomsAreEnteredThroughTheirDoorsOnly() {
        LayeredArchitecture doors = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy("org.senderauth.core..")
                .layer("dns")
                .definedBy("org.senderauth.dns..")
                .layer("spf")
                .definedBy("org.senderauth.spf..")
                .layer("batv")
                .definedBy("org.senderauth.batv..")
                .layer("ses")
                .definedBy("org.senderauth.ses..")
                .layer("callout")
                .definedBy("org.senderauth.callout..")
                .layer("csv")
                .definedBy("org.senderauth.csv..")
                .layer("policy")
                .definedBy("org.senderauth.policy..")
                .layer("postfix")
                .definedBy("org.senderauth.postfix..")
                .layer("powerdns")
                .definedBy("org.senderauth.powerdns..")
                .layer("redis")
                .definedBy("org.senderauth.redis..")
                .layer("james")
                .definedBy("org.senderauth.james..")
                .layer("testkit")
                .definedBy("org.senderauth.testkit..")
                .layer("cli")
                .definedBy("org.senderauth.cli..")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("dns")
                .mayNotAccessAnyLayer()
                .whereLayer("spf")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("csv")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("batv")
                .mayOnlyAccessLayers("core")
                .whereLayer("ses")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("callout")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("policy")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "callout")
                .whereLayer("postfix")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "callout", "policy")
                .whereLayer("powerdns")
                .mayOnlyAccessLayers("core", "dns", "ses")
                .whereLayer("redis")
                .mayOnlyAccessLayers("core", "dns", "ses", "callout")
                .whereLayer("james")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "callout", "policy")
                .whereLayer("testkit")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .withOptionalLayers(true);
        doors.check(HOUSE);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("org.senderauth.(*)..").should().beFreeOfCycles().check(HOUSE);
    }
}
