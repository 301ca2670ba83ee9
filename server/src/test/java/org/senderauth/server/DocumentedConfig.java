package org.senderauth.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration that a guide shows, taken from the guide itself: what a user pastes is what the test runs. */
final class DocumentedConfig {

    private final String text;

    private DocumentedConfig(String text) {
        this.text = text;
    }

    static DocumentedConfig of(String name) {
        try {
            return new DocumentedConfig(Files.readString(Path.of("..", "docs", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first fenced block whose first line starts with these words; one in a list without the list's indentation. */
    String block(String start) {
        Matcher block = Pattern.compile(
                        "^( *)```[a-z]*\n( *" + Pattern.quote(start) + ".*?)^ *```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text);
        if (!block.find()) {
            throw new AssertionError("the guide has no block that starts with " + start);
        }
        return block.group(2).replaceAll("(?m)^" + block.group(1), "");
    }
}
