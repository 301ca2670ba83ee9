package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The properties that change when a file changes.
 *
 * @param modified the time of its last change; null if it does not exist
 * @param bytes its size
 * @param key which file it is, such as its inode; null where the system has none
 */
record FileStamp(
        @Nullable FileTime modified, long bytes, @Nullable Object key) {

    /** The stamp of a file now. */
    static FileStamp of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException e) {
            return new FileStamp(null, 0, null);
        }
    }
}
