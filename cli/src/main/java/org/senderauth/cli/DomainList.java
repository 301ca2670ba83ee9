package org.senderauth.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;

/** Reads a file with one domain a line, line by line; skips empty lines and comments with {@code #}. */
final class DomainList implements Closeable {

    private final Path file;
    private final Utf8LineReader lines;
    private int number;

    private DomainList(Path file, Utf8LineReader lines) {
        this.file = file;
        this.lines = lines;
    }

    static DomainList open(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + ": cannot read file");
        }
        return new DomainList(file, new Utf8LineReader(Files.newInputStream(file)));
    }

    /**
     * Returns the next domain; null after the last one.
     *
     * @throws IOException if a line is not a domain name; the message names the file and the line
     */
    @Nullable
    String next() throws IOException {
        for (Utf8LineReader.Line line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (line.text() == null) {
                throw new IOException(file + ":" + number + ": " + line.problem());
            }
            String text = line.text().replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                Optional<String> domain = DomainNames.toAscii(text)
                        .filter(name -> name.matches("[A-Za-z0-9._-]+")
                                && DomainNames.parse(name).isPresent());
                return domain.orElseThrow(() -> new IOException(file + ":" + number + ": not a valid domain name: '"
                        + TerminalText.visible(text.substring(0, Math.min(text.length(), 80))) + "'"));
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
