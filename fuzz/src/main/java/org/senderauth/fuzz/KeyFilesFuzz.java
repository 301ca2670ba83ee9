package org.senderauth.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.srs.SrsKeyFile;

/** Key files of BATV, SES and SRS. A bad file is an IOException with its line. */
public final class KeyFilesFuzz {

    private KeyFilesFuzz() {}

    private interface Reader {
        void read(Path file) throws IOException;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Path file = Files.createTempFile("fuzz", ".key");
            try {
                Files.write(file, data);
                read(BatvKeyFile::read, file);
                read(SesKeyFile::read, file);
                read(SrsKeyFile::read, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Reader reader, Path file) {
        try {
            reader.read(file);
        } catch (IOException expected) {
            // a report to the user
        }
    }
}
