package org.senderauth.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.BreakerScope;
import org.senderauth.callout.state.CalloutStateAdmin.Contents;
import org.senderauth.callout.state.CalloutStateAdmin.Listing;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.core.Ascii;

/**
 * Lists the callout state in Redis as {@link org.senderauth.callout.inmemory.InMemoryCalloutState} lists its own. Keys contain
 * hashes; where this host does not know the name, the list shows the hash. One list at a time. Thread-safe.
 */
final class StoredStateReader {

    private static final String ADDRESSES = "a";
    private static final String BUDGETS = "b";
    private static final String CLIENTS = "c";
    private static final String DOMAINS = "d";
    private static final String FORGOTTEN = "f";
    private static final String HOSTS = "h";
    private static final String HOST_BUDGETS = "m";

    // Time, whether there is one, when it is full again.
    private static final int REPLY_FIELDS = 3;
    private static final long MICROS = 1_000;

    private final StoredState stored;
    private final CalloutKeys keys;
    private final CalloutLimits limits;
    private final RedisClock time;
    private final ValueCodec values;
    private final SeenNames seen;
    private final @Nullable CrossSlotLimits across;

    StoredStateReader(StoredState stored, @Nullable CrossSlotLimits across) {
        this.stored = stored;
        this.keys = stored.keys();
        this.limits = stored.limits();
        this.time = stored.time();
        this.values = new ValueCodec(time);
        this.seen = stored.seen();
        this.across = across;
    }

    synchronized Contents entries(Listing listing, int max, InstantSource dates) throws IOException {
        stored.synchronize();
        List<StateEntry> entries = new ArrayList<>();
        boolean complete = switch (listing) {
            case CALLOUTS -> callouts(max, entries);
            case BREAKERS -> breakers(max, entries);
            case LIMITS -> limits(max, entries);
        };
        Duration offset = time.clock().offsetOf(dates);
        return new Contents(entries.stream().map(entry -> entry.shifted(offset)).toList(), complete);
    }

    private String name(String key) {
        String known = seen.of(key);
        return known != null
                ? known
                : keys.names().parse(key).map(parsed -> "#" + parsed.hash()).orElse("#");
    }

    private boolean callouts(int max, List<StateEntry> entries) throws IOException {
        StoredState.Keys found = stored.find(ADDRESSES + DOMAINS + FORGOTTEN + HOSTS, max);
        Instant now = time.clock().instant();
        ForgottenDomains forgotten = forgotten(found);
        stored.read(found.of(ADDRESSES)).forEach((key, value) -> {
            AddressEntry known = values.readRecord(value);
            if (known != null && !forgotten.contains(key, ValueCodec.since(value))) {
                StateEntry.ofAddress(name(key), known, now).ifPresent(entries::add);
            }
        });
        stored.read(found.of(DOMAINS))
                .forEach((key, value) -> entries.addAll(StateEntry.ofDomain(name(key), values.readFacts(value), now)));
        stored.read(found.of(HOSTS))
                .forEach((key, value) -> entries.addAll(StateEntry.ofHost(name(key), values.readHost(value), now)));
        return found.complete();
    }

    /** The times at which domains were evicted, by their keys, and the last one of each bucket. */
    private record ForgottenDomains(
            CalloutKeys keys, SeenNames seen, Map<String, Long> byKey, Map<String, Long> byBucket) {

        /** Tests whether an address was stored before its domain was evicted; one without a name by its bucket. */
        boolean contains(String key, long since) {
            String bucket = keys.names().parse(key).map(KeyNames.Parsed::bucket).orElse("");
            String name = seen.of(key);
            Long time = name == null ? byBucket.get(bucket) : byKey.get(marker(keys, bucket, name));
            return time != null && since <= time;
        }

        static String marker(CalloutKeys keys, String bucket, String name) {
            return keys.names().in(bucket, FORGOTTEN, name.charAt(0) + ":" + name.substring(name.lastIndexOf('@') + 1));
        }
    }

    private ForgottenDomains forgotten(StoredState.Keys found) throws IOException {
        List<String> markers = new ArrayList<>(found.of(FORGOTTEN));
        for (String key : found.complete() ? List.<String>of() : found.of(ADDRESSES)) {
            String name = seen.of(key);
            if (name != null) {
                keys.names()
                        .parse(key)
                        .ifPresent(parsed -> markers.add(ForgottenDomains.marker(keys, parsed.bucket(), name)));
            }
        }
        Map<String, Long> byKey = new HashMap<>();
        Map<String, Long> byBucket = new HashMap<>();
        stored.read(markers.stream().distinct().toList()).forEach((key, value) -> {
            long at = ValueCodec.number(value);
            byKey.put(key, at);
            keys.names().parse(key).ifPresent(parsed -> byBucket.merge(parsed.bucket(), at, Math::max));
        });
        return new ForgottenDomains(keys, seen, byKey, byBucket);
    }

    private boolean breakers(int max, List<StateEntry> entries) throws IOException {
        StoredState.Keys found = stored.find(HOSTS + BUDGETS + HOST_BUDGETS, max);
        Instant now = time.clock().instant();
        stored.read(found.of(HOSTS))
                .forEach((key, value) -> StateEntry.ofBackoff(name(key), values.readHost(value), now)
                        .ifPresent(entries::add));
        List<String> scopes = Stream.of(BreakerScope.values()).map(Ascii::text).toList();
        limits(found.of(BUDGETS), limits.domainRate(), "domain", (key, reply) -> {
            addOpen(entries, "domain", key, StateEntry.DOMAIN_BREAKERS, reply);
        });
        limits(found.of(HOST_BUDGETS), limits.hostRate(), "host", (key, reply) -> {
            addOpen(entries, "host", key, scopes, reply);
        });
        return found.complete();
    }

    /** Adds the open breakers of a reply of {@link Script#LIMIT}: after three values the number of each and its time. */
    private void addOpen(List<StateEntry> entries, String kind, String key, List<String> what, List<Object> reply) {
        for (int i = REPLY_FIELDS; i + 1 < reply.size(); i += 2) {
            if (reply.get(i) instanceof Long number && number >= 1 && number <= what.size()) {
                Instant until = time.toHost(micros(reply.get(i + 1)) / MICROS);
                entries.add(StateEntry.ofBreaker(kind, name(key), what.get((int) (number - 1)), until));
            }
        }
    }

    private boolean limits(int max, List<StateEntry> entries) throws IOException {
        if (across == null) {
            limits(List.of(keys.names().overall()), limits.overall(), "overall", (key, reply) -> {
                addUsed(entries, "global", "all probes", limits.overall(), reply);
            });
        } else {
            across.entry().ifPresent(entries::add);
        }
        StoredState.Keys found = stored.find(BUDGETS + CLIENTS + HOST_BUDGETS, max);
        limits(found.of(BUDGETS), limits.domainRate(), "domain", (key, reply) -> {
            addUsed(entries, "domain", name(key), limits.domainRate(), reply);
        });
        limits(found.of(HOST_BUDGETS), limits.hostRate(), "host", (key, reply) -> {
            addUsed(entries, "host", name(key), limits.hostRate(), reply);
        });
        stored.runAll(Script.COUNTED, found.of(CLIENTS), List::of, List.of(time.argument()))
                .forEach((key, reply) -> {
                    if (reply.size() == REPLY_FIELDS && reply.get(2) instanceof Long senders && senders > 0) {
                        Instant until = time.toHost(micros(reply.get(1)));
                        entries.add(StateEntry.ofClient(
                                name(key), Math.toIntExact(senders), limits.clientFailureLimit(), Optional.of(until)));
                    }
                });
        return found.complete();
    }

    private void addUsed(List<StateEntry> entries, String kind, String name, Rate rate, List<Object> reply) {
        long due = micros(reply.get(2));
        long interval = Math.max(1, rate.interval().toNanos() / 1_000);
        long used = Math.max(0, (due - micros(reply.get(0)) + interval - 1) / interval);
        StateEntry.ofLimit(kind, name, used, time.toHost(due / MICROS), rate).ifPresent(entries::add);
    }

    /** Passes on what {@link Script#LIMIT} replies for those rate limits that exist; the total one always does. */
    private void limits(List<String> wanted, Rate rate, String kind, BiConsumer<String, List<Object>> found)
            throws IOException {
        List<String> arguments =
                List.of(time.argument(), ScriptText.micros(rate), Integer.toString(rate.burst()), kind);
        stored.runAll(Script.LIMIT, wanted, this::keysOfLimit, arguments).forEach((key, reply) -> {
            if (reply.size() >= REPLY_FIELDS && Long.valueOf(1).equals(reply.get(1))) {
                found.accept(key, reply);
            }
        });
    }

    /** The start, the reset and the limit; the total limit is in no bucket, and has no reset: the start is none. */
    private List<String> keysOfLimit(String key) {
        KeyNames names = keys.names();
        String bucket = names.parse(key).map(KeyNames.Parsed::bucket).orElse("");
        String start = names.start(bucket);
        return List.of(start, bucket.isEmpty() ? start : names.reset(bucket), key);
    }

    private static long micros(Object number) {
        return number instanceof String text && text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
