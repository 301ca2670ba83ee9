package org.senderauth.server;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.senderauth.core.SafeText;

/** The texts of failures for the reader. */
public final class ErrorText {

    private ErrorText() {}

    /**
     * The reason of a failure; the JDK's messages about files are the bare path, or say how far it read.
     *
     * @param failure what was thrown
     * @return the reason on one line
     */
    public static String of(Exception failure) {
        return SafeText.of(text(failure).replaceAll("[\\r\\n]+\\s*", "; "));
    }

    /**
     * The reason why a file of keys cannot be used, always with its name.
     *
     * @param failure what was thrown
     * @param file the file
     * @param create what creates one
     * @return the reason on one line
     */
    static String ofKeys(Exception failure, Path file, String create) {
        String text = of(failure);
        return (text.contains(file.toString()) ? text : file + ": " + text)
                + (Files.exists(file) ? "" : "; create it: " + create);
    }

    private static String text(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": there is no such file";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": no permission";
        }
        if (failure instanceof CharacterCodingException) {
            return "the file is not UTF-8 text";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
