package org.senderauth.checks;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.junit.jupiter.api.Test;

/** The dependencies between modules and packages, as docs/architecture.md draws them. */
class ModuleDependencyTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    @Test
    void modulesDependOnEachOtherAsDrawn() {
        LayeredArchitecture modules = layeredArchitecture()
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
                .layer("srs")
                .definedBy("org.senderauth.srs..")
                .layer("callout")
                .definedBy("org.senderauth.callout..")
                .layer("csv")
                .definedBy("org.senderauth.csv..")
                .layer("dkim2")
                .definedBy("org.senderauth.dkim2..")
                .layer("policy")
                .definedBy("org.senderauth.policy..")
                .layer("postfix")
                .definedBy("org.senderauth.postfix..")
                .layer("milter")
                .definedBy("org.senderauth.milter..")
                .layer("powerdns")
                .definedBy("org.senderauth.powerdns..")
                .layer("redis")
                .definedBy("org.senderauth.redis..")
                .layer("james")
                .definedBy("org.senderauth.james..")
                .layer("testkit")
                .definedBy("org.senderauth.testkit..")
                .layer("peers")
                .definedBy("org.senderauth.peers..")
                .layer("server")
                .definedBy("org.senderauth.server..")
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
                .whereLayer("dkim2")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("batv")
                .mayOnlyAccessLayers("core")
                .whereLayer("ses")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("srs")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("callout")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("policy")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "srs", "callout", "dkim2")
                .whereLayer("postfix")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "srs", "callout", "dkim2", "policy")
                .whereLayer("milter")
                .mayOnlyAccessLayers(
                        "core", "dns", "spf", "csv", "batv", "ses", "srs", "callout", "dkim2", "policy", "postfix")
                .whereLayer("powerdns")
                .mayOnlyAccessLayers("core", "dns", "ses")
                .whereLayer("redis")
                .mayOnlyAccessLayers("core", "dns", "ses", "srs", "callout")
                .whereLayer("james")
                .mayOnlyAccessLayers("core", "dns", "spf", "csv", "batv", "ses", "srs", "callout", "dkim2", "policy")
                .whereLayer("testkit")
                .mayOnlyAccessLayers("core", "dns")
                .whereLayer("peers")
                .mayOnlyAccessLayers("testkit")
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .withOptionalLayers(true);
        modules.check(MAIN);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("org.senderauth.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.senderauth.(**)").should().beFreeOfCycles().check(MAIN);
    }
}
