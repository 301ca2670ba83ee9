package org.senderauth.cli.serve;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.senderauth.core.Printable;

/** What went wrong, for a person. */
public final class Reasons {

    private Reasons() {}

    /**
     * The reason of a failure; the JDK's messages about files are the bare path, or say how far it read.
     *
     * @param failure what was thrown
     * @return the reason on one line
     */
    public static String of(Exception failure) {
        return Printable.of(text(failure).replaceAll("[\\r\\n]+\\s*", "; "));
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
