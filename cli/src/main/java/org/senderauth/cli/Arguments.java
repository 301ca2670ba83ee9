package org.senderauth.cli;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SafeText;
import org.senderauth.dns.IpAddresses;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Reads addresses and names from options and arguments. An invalid one is a usage error that quotes it. */
final class Arguments {

    private Arguments() {}

    /** Returns an address that is valid by the grammar of RFC 5321, with or without angle brackets. */
    static MailAddress address(CommandLine command, String name, String text) {
        EnvelopePath path = EnvelopePath.parse(text);
        String problem = path instanceof EnvelopePath.Malformed malformed ? malformed.problem() : null;
        return path.address()
                .filter(MailAddress::isValid)
                .orElseThrow(() -> invalid(command, "email address", name, text, problem));
    }

    /** Returns an envelope sender or recipient as a client may send it: an address or the null sender. */
    static String path(CommandLine command, String name, String text) {
        if (EnvelopePath.parse(text) instanceof EnvelopePath.Malformed malformed) {
            throw invalid(command, "email address", name, text, malformed.problem());
        }
        return text;
    }

    /** Returns a HELO name as a client may send it, including address literals; it may be empty. */
    static String helo(CommandLine command, String name, String text) {
        return text.isBlank()
                ? ""
                : MailDomain.parse(text).orElseThrow(() -> invalid(command, "HELO name", name, text, null));
    }

    /** Returns a domain name without the dot at its end. */
    static String domain(CommandLine command, String name, String text) {
        try {
            return MailDomain.require(text, name);
        } catch (IllegalArgumentException e) {
            throw invalid(command, "domain name", name, text, null);
        }
    }

    /** Returns an IP address; never looks up a name. */
    static InetAddress ip(CommandLine command, String name, String text) {
        return IpAddresses.parse(text).orElseThrow(() -> invalid(command, "IP address", name, text, null));
    }

    private static ParameterException invalid(
            CommandLine command, String kind, String name, String text, @Nullable String problem) {
        String message = "invalid " + kind + " for " + name + ": '" + SafeText.of(text) + "'";
        return new ParameterException(command, problem == null ? message : message + ": " + problem);
    }
}
