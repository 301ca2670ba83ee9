package org.senderauth.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * Test data that the project does not contain: third-party conformance suites, recorded vectors, published records. The
 * system property {@code extra.material} names its directory. The project's own resources cover every rule without it.
 */
public final class ExternalTestData {

    private ExternalTestData() {}

    /**
     * Returns a file of the external data, or skips the test.
     *
     * @param relative its path within the directory
     * @return the file
     * @throws TestAbortedException if the directory or the file is absent
     */
    public static Path file(String relative) {
        Path file = Path.of(System.getProperty("extra.material", "absent")).resolve(relative);
        if (!Files.exists(file)) {
            throw new TestAbortedException("skipped: no extra material " + relative);
        }
        return file;
    }
}
