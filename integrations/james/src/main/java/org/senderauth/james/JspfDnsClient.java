package org.senderauth.james;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.NoneException;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Queries a {@code DNSService} of jSPF, so that the one that James binds serves SPF here as well. Thread-safe if the service is.
 *
 * <p>It suffices for SPF and nothing else: the service knows A, AAAA, MX, PTR and TXT only, and tells neither times to live
 * nor preferences. Records therefore have a time to live of 0 and are kept by no cache, and other types are
 * {@link Unavailable}. Give CSV and callouts a {@link org.senderauth.dns.ResolverDnsClient}, which is better for SPF too.
 */
public final class JspfDnsClient implements DnsClient {

    /** The time that an answer is waited for unless another time is set. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final Map<Integer, Integer> TYPES = Map.of(
            Type.A, DNSRequest.A,
            Type.AAAA, DNSRequest.AAAA,
            Type.MX, DNSRequest.MX,
            Type.PTR, DNSRequest.PTR,
            Type.TXT, DNSRequest.TXT);

    /** A character string of a TXT record has at most 255 octets (RFC 1035 section 3.3). */
    private static final int MAX_STRING = 255;

    private static final byte[] NO_PREFERENCE = {0, 0};
    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    private static final Pattern DECIMAL_ESCAPE = Pattern.compile("\\\\([01]\\d\\d|2[0-4]\\d|25[0-5])");

    private final DNSService service;
    private final Duration timeout;

    /**
     * A client that waits {@link #DEFAULT_TIMEOUT} for each answer.
     *
     * @param service answers
     */
    public JspfDnsClient(DNSService service) {
        this(service, DEFAULT_TIMEOUT);
    }

    /**
     * A client.
     *
     * @param service answers
     * @param timeout how long an answer is waited for, at most
     */
    public JspfDnsClient(DNSService service, Duration timeout) {
        this.service = service;
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        if (!name.isAbsolute()) {
            throw new IllegalArgumentException("the name is relative: " + name);
        }
        Integer jspfType = TYPES.get(type);
        if (jspfType == null) {
            return CompletableFuture.completedFuture(
                    new Unavailable(Cause.REFUSED, "jSPF's DNSService knows no records of type " + Type.string(type)));
        }
        return ask(name, jspfType)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((texts, failure) -> failure == null ? answer(name, type, texts) : failed(failure));
    }

    private CompletableFuture<@Nullable List<String>> ask(Name name, int type) {
        try {
            // With its last dot, so that no search path is applied. A copy, since the time-out completes the future.
            return service.getRecordsAsync(new DNSRequest(name.toString(), type))
                    .toCompletableFuture()
                    .copy();
        } catch (NoneException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static DnsAnswer failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NoSuchDomainException) {
            return new DnsAnswer.NoSuchDomain(null, 0);
        }
        if (cause instanceof NoSuchRRSetException) {
            return new DnsAnswer.NoData(null, 0);
        }
        boolean late = cause instanceof java.util.concurrent.TimeoutException
                || cause instanceof org.apache.james.jspf.core.exceptions.TimeoutException;
        return new Unavailable(late ? Cause.TIMEOUT : Cause.SERVER_FAILURE, "jSPF's DNSService: " + kind(cause));
    }

    // The message may quote what another domain's server sent; the class says enough.
    private static String kind(Throwable cause) {
        return cause.getClass().getSimpleName();
    }

    // The service says null, or nothing, for a name that does not exist and for one without such records alike.
    private static DnsAnswer answer(Name name, int type, @Nullable List<String> texts) {
        if (texts == null || texts.isEmpty()) {
            return new DnsAnswer.NoData(null, 0);
        }
        List<Record> records = new ArrayList<>();
        for (String text : texts) {
            byte[] data = data(type, text);
            if (data == null) {
                return new Unavailable(
                        Cause.BAD_ANSWER, "jSPF's DNSService: a text is no data of " + Type.string(type));
            }
            records.add(Record.newRecord(name, type, DClass.IN, 0, data));
        }
        return new DnsAnswer.Records(records, 0, List.of(), List.of());
    }

    private static byte @Nullable [] data(int type, String text) {
        return switch (type) {
            case Type.A -> octets(text, 4);
            case Type.AAAA -> octets(text, 16);
            case Type.TXT -> strings(unescaped(text));
            case Type.MX -> host(text, NO_PREFERENCE);
            default -> host(text, new byte[0]);
        };
    }

    // An IPv4-mapped address in an AAAA record comes as dotted decimal.
    private static byte @Nullable [] octets(String text, int length) {
        byte[] octets = IpAddresses.parse(text).map(InetAddress::getAddress).orElse(null);
        if (octets == null || octets.length == length) {
            return octets;
        }
        return length == 16 ? joined(IPV4_MAPPED, octets) : null;
    }

    private static byte @Nullable [] host(String text, byte[] before) {
        try {
            return joined(before, Name.fromString(text, Name.root).toWire());
        } catch (TextParseException e) {
            return null;
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    // The strings come as in zone files (RFC 1035 section 5.1): \DDD is an octet, \X is X.
    private static byte[] unescaped(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            Matcher escape = DECIMAL_ESCAPE.matcher(text).region(i, text.length());
            if (c == '\\' && escape.lookingAt()) {
                octets.write(Integer.parseInt(escape.group(1)));
                i += 3;
            } else if (c == '\\' && i + 1 < text.length()) {
                octets.write(text.charAt(++i));
            } else {
                octets.write(c);
            }
        }
        return octets.toByteArray();
    }

    private static byte[] strings(byte[] octets) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(octets.length + octets.length / MAX_STRING + 1);
        int at = 0;
        do {
            int length = Math.min(MAX_STRING, octets.length - at);
            data.write(length);
            data.write(octets, at, length);
            at += length;
        } while (at < octets.length);
        return data.toByteArray();
    }
}
