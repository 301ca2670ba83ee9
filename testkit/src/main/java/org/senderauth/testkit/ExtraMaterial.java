package org.senderauth.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * Material that some tests can use and the project does not hold: third-party conformance suites, recorded vectors,
 * published records. It lies in the folder that the system property {@code extra.material} names. The project's own
 * resources cover every rule without it.
 */
public final class ExtraMaterial {

    private ExtraMaterial() {}

    /**
     * A file of the extra material, or a skipped test.
     *
     * @param relative its path within the folder
     * @return the file
     * @throws TestAbortedException if the folder or the file is absent
     */
    public static Path file(String relative) {
        Path file = Path.of(System.getProperty("extra.material", "absent")).resolve(relative);
        if (!Files.exists(file)) {
            throw new TestAbortedException("skipped: no extra material " + relative);
        }
        return file;
    }
}
