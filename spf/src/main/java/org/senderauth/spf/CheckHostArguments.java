package org.senderauth.spf;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.IpAddress;
import org.xbill.DNS.Type;

/**
 * The arguments of {@code check_host()} (RFC 7208 section 4.1) and their macros.
 *
 * @param client the client's address
 * @param localPart the sender's local part; {@code postmaster} if it is absent (section 4.3)
 * @param domain the sender's domain, and the first domain that is checked
 * @param helo the HELO name, with its U-labels as A-labels
 * @param receiver the name of the host that checks
 * @param problem why the identity is neither an address nor a name; null if it is one
 */
record CheckHostArguments(
        IpAddress client,
        String localPart,
        TargetDomain domain,
        String helo,
        String receiver,
        @Nullable String problem) {

    private static final String POSTMASTER = "postmaster";

    /** More than any local part or domain may have (RFC 5321 section 4.5.3.1); what is longer is cut before it costs. */
    private static final int MAX_PART = 1_024;

    static CheckHostArguments of(SpfQuery query, String receiver) {
        IpAddress client = IpAddress.of(query.client());
        String from = query.mailFrom();
        String problem = query.problem();
        if (problem != null) {
            return new CheckHostArguments(
                    client, POSTMASTER, TargetDomain.ofIdentity(""), cut(query.helo()), receiver, problem);
        }
        if (query.identity() == SpfIdentity.HELO || from.isEmpty()) {
            TargetDomain helo = TargetDomain.ofIdentity(cut(query.helo()));
            return new CheckHostArguments(client, POSTMASTER, helo, helo.text(), receiver, null);
        }
        int at = from.lastIndexOf('@');
        String localPart = at <= 0 ? POSTMASTER : cut(from.substring(0, at));
        String helo = cut(query.helo());
        TargetDomain domain = TargetDomain.ofIdentity(cut(from.substring(at + 1)));
        return new CheckHostArguments(
                client, localPart, domain, DomainNames.toAscii(helo).orElse(helo), receiver, null);
    }

    private static String cut(String text) {
        return text.length() <= MAX_PART ? text : text.substring(0, MAX_PART);
    }

    String address() {
        return localPart + '@' + domain.text();
    }

    /** {@code %{i}}: a dotted quad, or the nibbles of an IPv6 address with dots between them (section 7.3). */
    String dottedClient() {
        if (client.isIp4()) {
            return client.toString();
        }
        StringBuilder nibbles = new StringBuilder(63);
        for (int i = 0; i < 32; i++) {
            long half = i < 16 ? client.high() : client.low();
            int nibble = (int) (half >>> (60 - 4 * (i & 15))) & 0xf;
            nibbles.append(i == 0 ? "" : ".").append(Integer.toHexString(nibble).toUpperCase(Locale.ROOT));
        }
        return nibbles.toString();
    }

    /** {@code %{v}} */
    String reverseZone() {
        return client.isIp4() ? "in-addr" : "ip6";
    }

    /** The type of address records that a client of this family can match. */
    int addressType() {
        return client.isIp4() ? Type.A : Type.AAAA;
    }
}
