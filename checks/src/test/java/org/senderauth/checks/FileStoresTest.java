package org.senderauth.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.core.SecretFiles;

/**
 * Only {@code SecretFiles} looks up a file store, and its test makes the lookup fail: in a chroot whose root is not a mount
 * point Java finds none ("Mount point not found"), where keys and serial numbers must be readable and writable all the same.
 */
class FileStoresTest {

    private static final ArchRule RULE = noClasses()
            .that()
            .areNotAssignableTo(SecretFiles.class)
            .should()
            .accessTargetWhere(DescribedPredicate.describe("looks up a file store", FileStoresTest::looksUpFileStore));

    @Test
    void onlySecretFilesLooksUpFileStores() {
        RULE.check(new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth"));
    }

    @Test
    void ruleFindsEachLookup() {
        for (Class<?> sample : List.of(Call.class, Reference.class, All.class)) {
            JavaClasses samples = new ClassFileImporter().importClasses(sample);
            assertThatThrownBy(() -> RULE.check(samples))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("getFileStore");
        }
    }

    private static boolean looksUpFileStore(JavaAccess<?> access) {
        return access.getName().equals("getFileStore")
                        && access.getTargetOwner().isEquivalentTo(Files.class)
                || access.getName().equals("getFileStores")
                        && access.getTargetOwner().isAssignableTo(FileSystem.class);
    }

    @SuppressWarnings("unused")
    private static final class Call {
        FileStore of(Path file) throws IOException {
            return Files.getFileStore(file);
        }
    }

    @SuppressWarnings("unused")
    private static final class Reference {
        private interface Lookup {
            FileStore of(Path file) throws IOException;
        }

        Lookup lookup() {
            return Files::getFileStore;
        }
    }

    @SuppressWarnings("unused")
    private static final class All {
        Iterable<FileStore> of(Path file) {
            return file.getFileSystem().getFileStores();
        }
    }
}
