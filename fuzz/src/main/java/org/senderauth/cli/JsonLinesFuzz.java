package org.senderauth.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;

/** Lines of {@code --batch}. Each line that is not empty gives a line, and none of them an internal error. */
public final class JsonLinesFuzz {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private JsonLinesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        batch(data, new SesBatch(CLOCK, null)::answer);
        batch(data, new SrsBatch(CLOCK, "reverse")::answer);
    }

    private static void batch(byte[] data, JsonLines.Answer answer) {
        StringWriter out = new StringWriter();
        try {
            JsonLines.batch("-", new ByteArrayInputStream(data), new PrintWriter(out), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (out.toString().contains("\"internal error")) {
            throw new AssertionError(out.toString());
        }
    }
}
