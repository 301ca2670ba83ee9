package org.senderauth.cli.serve;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.senderauth.dns.DomainNames;
import org.senderauth.postfix.ListenAddress;

/** How single values of a configuration are read, and what they must be in the words of a problem. */
final class ConfigValues {

    static final String DOMAIN = "a domain name such as example.org";
    static final String ADDRESS = "an address such as alice@example.org";
    static final String FILE = "the path of a file";

    private ConfigValues() {}

    /** A domain name of two labels or more, in A-labels and lower case. */
    static Optional<String> domain(String text) {
        return DomainNames.toAscii(text)
                .map(ascii -> ascii.toLowerCase(Locale.ROOT))
                .filter(ascii -> ascii.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)+"))
                .filter(ascii -> DomainNames.parse(ascii).isPresent());
    }

    /** The zone of a block list: short enough for the 32 nibbles of an IPv6 address in front of it. */
    static Optional<String> blockList(String text) {
        return domain(text)
                .filter(zone -> DomainNames.parse("0.".repeat(32) + zone).isPresent());
    }

    /** An address with a port. */
    static Optional<InetSocketAddress> inet(String text) {
        return ListenAddress.parse("inet:" + text).map(InetSocketAddress.class::cast);
    }

    /** An address with a port, or the default port. */
    static Optional<InetSocketAddress> inet(String text, int defaultPort) {
        boolean noPort = text.matches("[^:]*|\\[[^]]*]");
        return inet(noPort ? text + ":" + defaultPort : text);
    }

    /** A path, from the folder of the configuration file on. */
    static Optional<Path> path(Path folder, String text) {
        try {
            return Optional.of(folder.resolve(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
