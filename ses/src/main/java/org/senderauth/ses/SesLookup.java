package org.senderauth.ses;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.ses.SesLookupResult.Verdict;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Verifies a signed sender by the public validation lookup of its domain. Any SPF verifier does this lookup during its
 * check; this class does nothing else. It queries only if the SPF record of the domain, or one that it includes, has an
 * {@code exists} term for the lookup, since an unrelated wildcard would answer as well.
 *
 * <p>Immutable and thread-safe; blocks until the DNS client responds.
 */
public final class SesLookup {

    /** The maximum number of SPF records that are searched for the term, as RFC 7208 section 4.6.4 limits lookups. */
    public static final int MAX_RECORDS = 10;

    private static final List<String> LABELS = List.of(SesZone.DEFAULT_LABEL, "_ses");
    // exists:%{l}.<...>, with the label of a validation zone further on
    private static final Pattern TERM =
            Pattern.compile("\\+?exists:(%\\{l[0-9]{0,3}r?=?}\\..+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern MACRO =
            Pattern.compile("%(?:\\{([a-z])([0-9]{0,3})(r?)(=?)}|(.?))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NESTED =
            Pattern.compile("(?:\\+?include:|redirect=)([^%/]+)", Pattern.CASE_INSENSITIVE);
    private static final int LOOPBACK = 127;

    private final DnsClient dns;

    private SesLookup(DnsClient dns) {
        this.dns = dns;
    }

    /**
     * A client over a DNS client.
     *
     * @param dns asks the DNS
     * @return the client
     */
    public static SesLookup of(DnsClient dns) {
        return new SesLookup(DnsClient.guarded(Objects.requireNonNull(dns, "dns")));
    }

    /**
     * Queries the domain of an address.
     *
     * @param address any text
     * @param client the address of the host that uses it, which some domains want to know; null if unknown
     * @return the result
     */
    public SesLookupResult lookup(String address, @Nullable InetAddress client) {
        SesSyntax syntax = SesSyntax.parse(address);
        if (syntax instanceof SesSyntax.Malformed malformed) {
            return none("malformed: " + malformed.reason());
        }
        if (!(syntax instanceof SesSyntax.Signed signed)) {
            return none("the address is not signed");
        }
        Budget budget = new Budget();
        return search(signed.domain(), signed, client, budget);
    }

    /** The remaining limits of one lookup. */
    private static final class Budget {
        private int records;

        boolean spend() {
            return ++records <= MAX_RECORDS;
        }
    }

    private SesLookupResult search(
            String domain, SesSyntax.Signed signed, @Nullable InetAddress client, Budget budget) {
        Optional<Name> name = DomainNames.parse(domain);
        if (name.isEmpty() || !budget.spend()) {
            return none("no more SPF records are read");
        }
        DnsAnswer answer = ask(name.get(), Type.TXT);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            return new SesLookupResult(Verdict.TEMPERROR, Optional.empty(), trouble.detail());
        }
        String record = answer instanceof DnsAnswer.Records records ? spf(records.records()) : null;
        if (record == null) {
            return none(domain + " has no SPF record");
        }
        SesLookupResult last = none("the SPF record of " + domain + " has no term for the lookup");
        for (String term : record.split(" +")) {
            Matcher exists = TERM.matcher(term);
            if (exists.matches() && hasLabel(exists.group(1))) {
                return resolve(exists.group(1), domain, signed, client);
            }
            Matcher nested = NESTED.matcher(term);
            if (nested.matches()) {
                SesLookupResult result = search(nested.group(1), signed, client, budget);
                if (result.verdict() != Verdict.NONE) {
                    return result;
                }
            }
        }
        return last;
    }

    private SesLookupResult resolve(String spec, String domain, SesSyntax.Signed signed, @Nullable InetAddress client) {
        String expanded = expand(spec, domain, signed, client);
        Optional<Name> name = expanded == null ? Optional.empty() : DomainNames.parse(expanded);
        if (name.isEmpty()) {
            return none("the term " + spec + " cannot be asked for this sender");
        }
        DnsAnswer answer = ask(name.get(), Type.A);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            return new SesLookupResult(Verdict.TEMPERROR, name, trouble.detail());
        }
        boolean pass = answer instanceof DnsAnswer.Records records
                && records.records().stream()
                        .anyMatch(record ->
                                record instanceof ARecord a && a.getAddress().getAddress()[0] == LOOPBACK);
        return pass
                ? new SesLookupResult(Verdict.PASS, name, "the domain confirms this address")
                : new SesLookupResult(Verdict.FAIL, name, "the domain does not confirm this address");
    }

    private DnsAnswer ask(Name name, int type) {
        CompletionStage<DnsAnswer> stage = dns.query(name, type);
        return stage.toCompletableFuture().join();
    }

    /** The one SPF record of a domain (RFC 7208 section 4.5); null if there is none, or more. */
    private static @Nullable String spf(List<Record> records) {
        List<String> found = records.stream()
                .map(record -> new String(DnsAnswer.Records.text((TXTRecord) record), StandardCharsets.ISO_8859_1))
                .filter(text -> {
                    String lower = text.toLowerCase(Locale.ROOT);
                    return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
                })
                .toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private static boolean hasLabel(String spec) {
        return List.of(spec.toLowerCase(Locale.ROOT).split("\\.")).stream().anyMatch(LABELS::contains);
    }

    /** RFC 7208 section 7 for the macros that such terms have; null for any other. */
    private static @Nullable String expand(
            String spec, String domain, SesSyntax.Signed signed, @Nullable InetAddress client) {
        String local = HostNameForm.written(signed);
        StringBuilder name = new StringBuilder();
        Matcher macro = MACRO.matcher(spec);
        int end = 0;
        while (macro.find()) {
            name.append(spec, end, macro.start());
            end = macro.end();
            if (macro.group(1) == null) {
                return null;
            }
            switch (macro.group(1).toLowerCase(Locale.ROOT)) {
                case "l" -> name.append(transformed(local, macro.group(2), macro.group(3), macro.group(4)));
                case "d" -> name.append(domain);
                case "o" -> name.append(signed.domain());
                case "i" -> {
                    if (client == null) {
                        return null;
                    }
                    name.append(dotted(client));
                }
                default -> {
                    return null;
                }
            }
        }
        return name.append(spec.substring(end)).toString();
    }

    /** The transformers of RFC 7208 section 7.3: split at the delimiter, reverse, keep the right-most parts. */
    private static String transformed(String value, String digits, String reverse, String delimiter) {
        List<String> parts = new ArrayList<>(List.of(value.split(delimiter.isEmpty() ? "\\." : delimiter, -1)));
        if (!reverse.isEmpty()) {
            Collections.reverse(parts);
        }
        int count = digits.isEmpty() ? parts.size() : Math.min(parts.size(), Integer.parseInt(digits));
        return String.join(".", parts.subList(parts.size() - count, parts.size()));
    }

    private static String dotted(InetAddress client) {
        byte[] octets = client.getAddress();
        if (octets.length == 4) {
            return client.getHostAddress();
        }
        return String.join(".", HexFormat.of().formatHex(octets).split(""));
    }

    private static SesLookupResult none(String reason) {
        return new SesLookupResult(Verdict.NONE, Optional.empty(), reason);
    }
}
