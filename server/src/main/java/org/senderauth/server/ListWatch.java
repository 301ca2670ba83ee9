package org.senderauth.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices changes of the files with lists. A change counts once the files are the same at two checks, so that none is read
 * while it is written. Used by one thread at a time.
 */
final class ListWatch {

    private Map<Path, FileStamp> known = Map.of();
    private Map<Path, FileStamp> seen = Map.of();

    /** Watches these files from now on; they were read when they had these stamps. */
    void watch(Map<Path, FileStamp> files) {
        known = files;
        seen = files;
    }

    /** Tests whether the files have changed since they were last read, and are complete. */
    boolean changed() {
        Map<Path, FileStamp> now = new HashMap<>();
        known.keySet().forEach(file -> now.put(file, FileStamp.of(file)));
        boolean changed = !now.equals(known) && now.equals(seen);
        seen = now;
        if (changed) {
            // Also if they turn out to be invalid: the next attempt follows the next change.
            known = now;
        }
        return changed;
    }
}
