package org.senderauth.checks;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.PrintStream;
import java.io.Writer;
import org.junit.jupiter.api.Test;

/** Which classes may write where: an output without a reader blocks its writer, and a decision must never wait for one. */
class OutputTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    /** The log's own thread writes; the two others only hand it the output at the start. */
    @Test
    void serviceWritesThroughItsLogOnly() {
        noClasses()
                .that()
                .resideInAPackage("org.senderauth.server..")
                .and()
                .doNotHaveSimpleName("LogQueue")
                .should()
                .callMethodWhere(target(owner(assignableTo(Writer.class).or(assignableTo(PrintStream.class)))))
                .check(MAIN);
    }

    @Test
    void onlyTheCommandTouchesTheStreamsOfTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.senderauth.cli", "org.senderauth.benchmarks..", "org.senderauth.examples..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    /** A library never ends the process; of the service only the class that owns the process does. */
    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.senderauth.cli..", "org.senderauth.benchmarks..", "org.senderauth.examples..")
                .and()
                .doNotHaveFullyQualifiedName("org.senderauth.server.ServiceProcess")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(MAIN);
    }
}
