package org.senderauth.server;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.senderauth.dns.DomainNames;
import org.senderauth.policy.Network;
import org.senderauth.postfix.ListenAddress;

/** The parsers of single values of a configuration, with the texts of their problems. */
final class ConfigValues {

    static final String DOMAIN = "a domain name such as example.org";
    static final String ADDRESS = "an address such as alice@example.org";
    static final String NETWORK = "a network such as 192.0.2.0/24";
    static final String FILE = "the path of a file";

    private static final Pattern NETWORK_NUMBER = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){0,2}");

    private static final int IPV4_OCTETS = 4;

    private ConfigValues() {}

    /** A domain name of two labels or more, in A-labels and lower case. */
    static Optional<String> domain(String text) {
        return DomainNames.toAscii(text)
                .map(ascii -> ascii.toLowerCase(Locale.ROOT))
                .filter(ascii -> ascii.matches("[a-z0-9_-]+(?:\\.[a-z0-9_-]+)++"))
                .filter(ascii -> DomainNames.parse(ascii).isPresent());
    }

    /** A domain, or with a leading dot all its subdomains. */
    static Optional<String> domainOrSubdomains(String text) {
        return text.startsWith(".") ? domain(text.substring(1)).map(name -> "." + name) : domain(text);
    }

    /** A network; also in Postfix' forms {@code 192.0.2} and {@code [2001:db8::]/32}. */
    static Optional<Network> network(String text) {
        if (NETWORK_NUMBER.matcher(text).matches()) {
            int octets = text.split("\\.").length;
            return Network.parse(text + ".0".repeat(IPV4_OCTETS - octets) + "/" + Byte.SIZE * octets);
        }
        return Network.parse(text.replaceFirst("^\\[([0-9A-Fa-f:.]+)](?=/|$)", "$1"));
    }

    /** Returns the problem of a network that has bits set after its prefix, for the end of a message; else empty. */
    static String hostBits(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return "";
        }
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return Network.parse(text.substring(0, slash))
                .filter(single -> prefix < single.prefix())
                .map(single -> "; it has bits set after the prefix: use " + Network.of(single.address(), prefix))
                .orElse("");
    }

    /** The zone of a block list: short enough to follow the 32 nibbles of an IPv6 address. */
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

    /** {@return whether the directory of a file exists} */
    static boolean isInDirectory(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent != null && Files.isDirectory(parent);
    }
}
