package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Notes on a valid configuration that probably lacks something; not errors, since it may be intended. */
final class ConfigNotes {

    private static final String ROOT = "root";

    private ConfigNotes() {}

    /** The notes about a configuration. */
    static List<String> of(ServeConfig config) {
        ServeConfig.Listen listen = config.listen();
        boolean onlySigns = listen.policy().isEmpty() && config.milter().sign() != ServeConfig.SignWith.OFF;
        boolean decides = !listen.policy().isEmpty() || !listen.milter().isEmpty();
        return decides && !onlySigns && !config.steps().isOn()
                ? List.of("no step is on, so all mail is accepted; add \"spf: {mode: monitor}\" under \"steps:\"")
                : List.of();
    }

    /**
     * The files next to a configuration that it names and only root can read, though root may check it for a service that
     * runs as another user.
     *
     * @param text the text of the configuration
     */
    static List<String> ofFiles(Path config, String text) {
        List<String> notes = new ArrayList<>();
        Path folder = config.toAbsolutePath().getParent();
        if (folder == null) {
            return notes;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                if (text.contains(file.getFileName().toString()) && isRootsOnly(file)) {
                    notes.add(file
                            + ": only root can read it; if the service runs as another user: chown root:senderauth "
                            + file + " && chmod 640 " + file);
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Without permissions like those of POSIX there is nothing to say.
        }
        return notes;
    }

    private static boolean isRootsOnly(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        return isOnlyFor(ROOT, attributes.owner().getName(), attributes.group().getName(), attributes.permissions());
    }

    /** Tests whether only a user, and that user's group, can read a file. */
    static boolean isOnlyFor(String user, String owner, String group, Set<PosixFilePermission> permissions) {
        return owner.equals(user)
                && !permissions.contains(PosixFilePermission.OTHERS_READ)
                && (!permissions.contains(PosixFilePermission.GROUP_READ) || group.equals(user));
    }
}
