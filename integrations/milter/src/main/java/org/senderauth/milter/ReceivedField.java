package org.senderauth.milter;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.dns.IpAddresses;

/**
 * The client of another mail server, read from the {@code Received} field that this server wrote (RFC 5321 section 4.4).
 * Four forms are read, each with the address that the server saw and not only the HELO name, which the client chose:
 *
 * <pre>
 * Postfix, Sendmail   from HELO (NAME [ADDRESS]) by HOST ...
 * Exim                from NAME ([ADDRESS] helo=HELO) by HOST ..., from [ADDRESS] (helo=HELO) by HOST ...
 * Exchange            from HELO (ADDRESS) by HOST (ADDRESS) with Microsoft SMTP Server ...
 * </pre>
 *
 * @param client the address of the client
 * @param helo its HELO name
 * @param by the server that wrote the field
 */
record ReceivedField(InetAddress client, String helo, String by) {

    /** A field longer than this is not read. */
    private static final int MAX_LENGTH = 2048;

    // The comment after the first word is flat but for one of Sendmail's; those of TLS after it have one level more.
    private static final Pattern FIELD = Pattern.compile(
            "from (?<word>[^ ()]+)(?: \\((?<seen>[^()]*(?:\\(may be forged\\))?)\\))?(?<more>(?: \\([^()]*+(?:\\([^()]*+\\)[^()]*+)*+\\))*+) by"
                    + " (?<by>[^ ();]+)(?<rest>.*)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BRACKETED =
            Pattern.compile("\\[(?:IPv6:)?([0-9A-Fa-f:.]+)]", Pattern.CASE_INSENSITIVE);
    private static final Pattern EXIM_HELO = Pattern.compile("(?:^|.* )helo=\\[?([^ \\]]+)]?(?: .*|$)");
    // RFC 3848: the client authenticated, so it was a user of the relay.
    private static final Pattern AUTHENTICATED =
            Pattern.compile(".* with (?:UTF8)?(?:ESMTP|LMTP|SMTP)S?A(?: .*|$)", Pattern.CASE_INSENSITIVE);

    /** Reads the value of a field; empty if it has another form, or the client authenticated. */
    static Optional<ReceivedField> parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher field = FIELD.matcher(value.strip().replaceAll("[ \\t\\r\\n]+", " "));
        if (!field.matches()
                || AUTHENTICATED.matcher(field.group("rest")).matches()
                || field.group("more").contains("Authenticated sender")) {
            return Optional.empty();
        }
        String word = field.group("word");
        String seen = field.group("seen") == null ? "" : field.group("seen");
        boolean exim = seen.isEmpty() || seen.contains("helo=");
        Optional<String> address = address(word, seen, exim);
        String helo = word;
        if (exim) {
            Matcher stated = EXIM_HELO.matcher(seen);
            helo = stated.matches() ? stated.group(1) : word;
        }
        String name = helo;
        return address.flatMap(IpAddresses::parse)
                .map(client -> new ReceivedField(IpAddresses.unmapped(client), name, field.group("by")));
    }

    private static Optional<String> address(String word, String seen, boolean exim) {
        Matcher bracketed = BRACKETED.matcher(exim ? seen.replaceAll("helo=[^ ]*", "") : seen);
        if (bracketed.find()) {
            String only = bracketed.group(1);
            // Two addresses: one of them is a text of the client.
            return bracketed.find() ? Optional.empty() : Optional.of(only);
        }
        if (exim) {
            Matcher literal = BRACKETED.matcher(word);
            return literal.matches() ? Optional.of(literal.group(1)) : Optional.empty();
        }
        return Optional.of(seen);
    }
}
