package org.senderauth.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where answers go. Unlike {@link System#out} it keeps the reason why something could not be written. */
final class StandardOutput extends FilterOutputStream {

    private @Nullable IOException lost;

    StandardOutput(OutputStream out) {
        super(out);
    }

    static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** A writer in UTF-8, whatever the platform's charset is, that hands every line on at once. */
    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(this, StandardCharsets.UTF_8), true);
    }

    /** Why something could not be written; null if everything was, or if the reader has had enough (as head has). */
    @Nullable
    String complaint() {
        return lost == null || "Broken pipe".equals(lost.getMessage()) ? null : lost.getMessage();
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        try {
            out.write(octets, offset, length);
        } catch (IOException e) {
            lost = e;
            throw e;
        }
    }
}
