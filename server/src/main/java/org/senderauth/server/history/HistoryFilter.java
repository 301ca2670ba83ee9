package org.senderauth.server.history;

import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Network;
import org.senderauth.policy.Step;

/** A filter of the decisions in the history. Immutable. */
public final class HistoryFilter {

    private static final Pattern AGO = Pattern.compile("-?([0-9]{1,6})([smhdw])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private final Map<String, String> values;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final List<Predicate<HistoryRecord>> tests;
    private final @Nullable String indexKey;

    private HistoryFilter(Reader reader) {
        this.values = Map.copyOf(reader.values);
        this.since = reader.since;
        this.until = reader.until;
        this.tests = List.copyOf(reader.tests);
        this.indexKey = reader.indexKey;
    }

    /**
     * Reads a filter.
     *
     * @param values the wanted values, each by its name: {@code since}, {@code until}, {@code client}, {@code from}, {@code
     *     to}, {@code helo}, {@code id}, {@code action}, {@code step}
     * @param clock the time that relative times count back from
     * @return the filter
     * @throws IllegalArgumentException if a name or a value is invalid; the message is one line that names it
     */
    public static HistoryFilter of(Map<String, String> values, InstantSource clock) {
        Reader reader = new Reader(clock.instant());
        // The most selective first: the index finds records by one key.
        Stream.of("id", "from", "to", "client", "since", "until", "helo", "action", "step")
                .filter(values::containsKey)
                .forEach(name -> reader.read(name, Objects.requireNonNull(values.get(name))));
        for (String name : values.keySet()) {
            if (!reader.values.containsKey(name)) {
                throw new IllegalArgumentException("unknown filter: '" + HistoryRecord.text(name) + "'");
            }
        }
        if (reader.since != null && reader.until != null && reader.until.isBefore(reader.since)) {
            throw new IllegalArgumentException(
                    "until must not be before since: " + reader.until + " is before " + reader.since);
        }
        return new HistoryFilter(reader);
    }

    /** {@return the values, with times that are absolute, for the same filter elsewhere} */
    public Map<String, String> values() {
        return values;
    }

    /** Tests whether a decision is wanted. */
    boolean matches(HistoryRecord decision) {
        if (since != null && decision.time().isBefore(since)
                || until != null && !decision.time().isBefore(until)) {
            return false;
        }
        for (Predicate<HistoryRecord> test : tests) {
            if (!test.test(decision)) {
                return false;
            }
        }
        return true;
    }

    /** Tests whether decisions between two times may be wanted. */
    boolean overlaps(Instant first, Instant last) {
        return (since == null || !last.isBefore(since)) && (until == null || first.isBefore(until));
    }

    /** Returns the key of the index that every wanted decision has; empty if there is none. */
    Optional<String> indexKey() {
        return Optional.ofNullable(indexKey);
    }

    /** The form in which addresses and domains are compared: in lower case, the domain in A-labels. */
    static String normal(String address) {
        int domain = address.lastIndexOf('@') + 1;
        return address.substring(0, domain).toLowerCase(Locale.ROOT) + DomainNames.canonical(address.substring(domain));
    }

    static String domain(String address) {
        return DomainNames.canonical(address.substring(address.lastIndexOf('@') + 1));
    }

    /** Reads the values of one filter. */
    private static final class Reader {

        private final Instant now;
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<Predicate<HistoryRecord>> tests = new ArrayList<>();
        private @Nullable Instant since;
        private @Nullable Instant until;
        private @Nullable String indexKey;

        Reader(Instant now) {
            this.now = now;
        }

        void read(String name, String given) {
            String value = HistoryRecord.text(given.strip());
            values.put(name, value);
            switch (name) {
                case "since" -> {
                    since = time(name, value);
                    values.put(name, since.toString());
                }
                case "until" -> {
                    until = time(name, value);
                    values.put(name, until.toString());
                }
                case "id" -> id(value);
                case "client" -> client(value);
                case "from" -> address(name, "from", value, HistoryRecord::from);
                case "to" -> address(name, "to", value, HistoryRecord::to);
                case "helo" -> test(decision -> decision.helo().equalsIgnoreCase(value));
                case "action" -> action(value);
                default -> step(value);
            }
        }

        private void test(Predicate<HistoryRecord> test) {
            tests.add(test);
        }

        private void index(String key) {
            indexKey = indexKey == null ? key : indexKey;
        }

        private Instant time(String name, String value) {
            Matcher ago = AGO.matcher(value);
            try {
                if (ago.matches()) {
                    return now.minus(UNITS.getOrDefault(ago.group(2), Duration.ZERO)
                            .multipliedBy(Integer.parseInt(ago.group(1))));
                }
                if (value.length() == "2026-11-28".length()) {
                    return LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
                }
                return value.endsWith("Z")
                        ? Instant.parse(value)
                        : LocalDateTime.parse(value.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        name + " must be a time such as 2026-11-28T14:02 (UTC), 2026-11-28 or 2h (two hours ago), was '"
                                + value + "'");
            }
        }

        private void id(String value) {
            if (!value.matches("[0-9A-Za-z]{1,64}")) {
                throw new IllegalArgumentException(
                        "id must be the letters and digits of a decision id, was '" + value + "'");
            }
            test(decision -> decision.id().equals(value));
            index(SegmentIndex.id(value));
        }

        private void client(String value) {
            Network network = Network.parse(value)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "client must be an IP address or a network such as 192.0.2.0/24, was '" + value + "'"));
            test(decision -> network.contains(decision.client()));
            InetAddress address = network.address();
            if (network.prefix() == 8 * address.getAddress().length) {
                index(SegmentIndex.client(address));
            }
        }

        private interface Field {
            @Nullable
            String of(HistoryRecord decision);
        }

        private void address(String name, String kind, String value, Field field) {
            String wanted = normal(
                    value.startsWith("<") && value.endsWith(">") && value.length() > 1
                            ? value.substring(1, value.length() - 1)
                            : value);
            if (wanted.isEmpty() && !value.equals("<>")
                    || wanted.endsWith("@")
                    || wanted.indexOf(' ') >= 0 && wanted.indexOf('"') < 0) {
                throw new IllegalArgumentException(
                        name + " must be an address, a domain, or <> for the null sender, was '" + value + "'");
            }
            boolean whole = wanted.isEmpty() || wanted.lastIndexOf('@') > 0;
            if (whole) {
                test(decision -> {
                    String found = field.of(decision);
                    return found != null && normal(found).equals(wanted);
                });
                index(SegmentIndex.address(kind, wanted));
            } else {
                String domain = domain(wanted);
                test(decision -> {
                    String found = field.of(decision);
                    return found != null
                            && found.indexOf('@') >= 0
                            && domain(found).equals(domain);
                });
                index(SegmentIndex.domain(kind, domain));
            }
        }

        private void action(String value) {
            for (Decision.Action action : Decision.Action.values()) {
                if (action.text().equals(value)) {
                    test(decision -> decision.action().equals(value));
                    return;
                }
            }
            throw new IllegalArgumentException("action must be continue, defer or reject, was '" + value + "'");
        }

        private void step(String value) {
            int colon = value.indexOf(':');
            String step = colon < 0 ? value : value.substring(0, colon);
            boolean resultIsWord = colon < 0 || value.substring(colon + 1).matches("[a-z][a-z-]*");
            if (!resultIsWord
                    || Stream.of(Step.values()).noneMatch(known -> known.text().equals(step))) {
                throw new IllegalArgumentException("step must be a step such as spf, or one with its result such as"
                        + " spf:softfail, was '" + value + "'");
            }
            if (colon < 0) {
                test(decision -> step.equals(decision.step()));
            } else {
                test(decision -> List.of(decision.steps().split(",")).contains(value));
            }
        }
    }
}
