package org.senderauth.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * Finds keys of the callout state in Redis, reads their values and deletes them, for an administrator. Nothing here delays
 * mail: keys are found by SCAN in small steps, a bounded number of them, and a failure starts no outage. Thread-safe.
 *
 * @param link runs commands
 * @param keys where things are kept
 * @param limits the rate limits
 * @param time translates between the clocks
 * @param seen the names that this host knows
 */
record StoredState(RedisGateway link, CalloutKeys keys, CalloutLimits limits, RedisClock time, SeenNames seen) {

    /** The maximum time of one command: an administrator can wait longer than mail. */
    static final Duration WAIT = Duration.ofSeconds(5);

    /** The keys that Redis looks at in one step of a scan, and the steps: a million keys in all. */
    static final int SCAN_COUNT = 1_000;

    private static final int MAX_STEPS = 1_000;

    /** The keys that are read at once. */
    static final int CHUNK = 200;

    /** The time that the eviction of a domain is kept; no address is kept longer with the default limits. */
    private static final Duration FORGOTTEN = Duration.ofDays(10);

    /**
     * Keys by their kinds. Immutable.
     *
     * @param byKind the keys of each kind, those with a known name first
     * @param complete whether these are all
     */
    record Keys(Map<String, List<String>> byKind, boolean complete) {

        List<String> of(String kind) {
            return byKind.getOrDefault(kind, List.of());
        }
    }

    /** Runs a command, and waits for its reply. */
    <T> T await(CompletableFuture<T> command) throws IOException {
        try {
            return command.join();
        } catch (CompletionException e) {
            String cause = e.getCause() instanceof UnavailableException known ? known.getMessage() : e.getMessage();
            throw new IOException("the state of callouts is in Redis, which did not answer: " + cause, e);
        }
    }

    /** Runs a script, and waits for its reply. */
    List<Object> run(Script script, List<String> keys, List<String> arguments) throws IOException {
        return await(link.query(WAIT, script, keys, arguments));
    }

    /** Asks Redis for its time, by which everything there is dated. */
    void synchronize() throws IOException {
        List<Object> reply =
                run(Script.START, List.of(keys.names().start(KeyNames.bucket(0))), List.of(time.argument()));
        if (reply.isEmpty() || !time.replied(reply.get(0))) {
            throw new IOException("the state of callouts is in Redis, which did not answer: its time is missing");
        }
    }

    /**
     * Finds the keys of some kinds. If there are too many to look at, the keys of all names that this host knows are among
     * them, whether they exist or not.
     *
     * @param kinds the letters of the kinds
     * @param max the maximum number of keys of each kind
     */
    Keys find(String kinds, int max) throws IOException {
        Map<String, Set<String>> named = new TreeMap<>();
        Map<String, Set<String>> others = new TreeMap<>();
        boolean complete = scan(kinds, max, named, others);
        if (!complete) {
            for (String key : seen.all().keySet()) {
                add(named, key, kinds, max);
            }
        }
        Map<String, List<String>> found = new HashMap<>();
        for (String kind : kinds.split("")) {
            Set<String> first = named.getOrDefault(kind, Set.of());
            Set<String> all = new LinkedHashSet<>(first);
            all.addAll(others.getOrDefault(kind, Set.of()));
            complete &= all.size() <= max;
            found.put(kind, all.stream().limit(max).toList());
        }
        return new Keys(found, complete);
    }

    /** Returns whether all keys were looked at. */
    private boolean scan(String kinds, int max, Map<String, Set<String>> named, Map<String, Set<String>> others)
            throws IOException {
        ScanArgs wanted = ScanArgs.Builder.matches(keys.names().pattern(kinds)).limit(SCAN_COUNT);
        KeyScanCursor<String> at = await(link.query(WAIT, commands -> commands.scan(wanted)));
        for (int step = 1; ; step++) {
            for (String key : at.getKeys()) {
                add(seen.of(key) == null ? others : named, key, kinds, max);
            }
            if (at.isFinished()) {
                return true;
            }
            if (step == MAX_STEPS) {
                return false;
            }
            KeyScanCursor<String> from = at;
            at = await(link.query(WAIT, commands -> commands.scan(from, wanted)));
        }
    }

    private void add(Map<String, Set<String>> found, String key, String kinds, int max) {
        KeyNames.Parsed parsed = keys.names().parse(key).orElse(null);
        if (parsed != null && kinds.contains(parsed.kind())) {
            Set<String> ofKind = found.computeIfAbsent(parsed.kind(), kind -> new LinkedHashSet<>());
            // One more than are shown: then it is seen that there are more.
            if (ofKind.size() <= max) {
                ofKind.add(key);
            }
        }
    }

    /**
     * Runs a script on each of some keys, several at once.
     *
     * @param others the keys of each run
     * @return the replies by key
     */
    Map<String, List<Object>> runAll(
            Script script, List<String> wanted, Function<String, List<String>> others, List<String> arguments)
            throws IOException {
        Map<String, List<Object>> replies = new LinkedHashMap<>();
        for (List<String> chunk : chunks(wanted)) {
            Map<String, CompletableFuture<List<Object>>> running = new LinkedHashMap<>();
            for (String key : chunk) {
                running.put(key, link.query(WAIT, script, others.apply(key), arguments));
            }
            for (Map.Entry<String, CompletableFuture<List<Object>>> reply : running.entrySet()) {
                replies.put(reply.getKey(), await(reply.getValue()));
            }
        }
        return replies;
    }

    /** Reads the values of keys; those that are absent or of another type are left out. */
    Map<String, String> read(List<String> wanted) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (List<String> chunk : chunks(wanted)) {
            for (KeyValue<String, String> found :
                    await(link.query(WAIT, commands -> commands.mget(chunk.toArray(String[]::new))))) {
                found.ifHasValue(value -> values.put(found.getKey(), value));
            }
        }
        return values;
    }

    static List<List<String>> chunks(List<String> all) {
        List<List<String>> chunks = new ArrayList<>();
        for (int i = 0; i < all.size(); i += CHUNK) {
            chunks.add(all.subList(i, Math.min(all.size(), i + CHUNK)));
        }
        return chunks;
    }

    /** Deletes what is known of an address. Returns how many entries there were. */
    int forget(MailAddress address) throws IOException {
        long count = 0;
        for (AddressCacheKeys forms : AddressCacheKeys.all(address)) {
            List<String> answers = forms.addresses().stream()
                    .map(form -> keys.answer(forms.registrable(), form))
                    .toList();
            count += delete(answers);
            if (forms.pattern() != null) {
                delete(List.of(keys.proofs(forms.registrable(), forms.pattern())));
            }
        }
        return Math.toIntExact(count);
    }

    /**
     * Deletes what is known of a domain, and closes its breakers. Its addresses count as absent from now on; those whose names
     * this host knows are deleted, which counts them.
     */
    int forgetDomain(String domain) throws IOException {
        String name = DomainNames.canonical(domain);
        MailAddress any = MailAddress.parse("postmaster@" + name).orElse(null);
        if (any == null) {
            return 0;
        }
        List<String> named = seen.all().entrySet().stream()
                .filter(entry -> entry.getValue().endsWith("@" + name))
                .map(Map.Entry::getKey)
                .toList();
        long count = 0;
        for (List<String> chunk : chunks(named)) {
            count += delete(chunk);
        }
        Duration kept = limits.positiveExpireTime().plusDays(3);
        for (AddressCacheKeys forms : AddressCacheKeys.all(any)) {
            List<Object> reply = run(
                    Script.FORGET,
                    List.of(
                            keys.facts(forms.registrable(), forms.domain()),
                            keys.budget(forms.registrable()),
                            keys.forgotten(forms.registrable(), forms.domain())),
                    List.of(
                            time.argument(),
                            ScriptText.idle(limits.domainRate()),
                            ScriptText.millis(kept.compareTo(FORGOTTEN) > 0 ? kept : FORGOTTEN)));
            count += reply.size() == 2 && reply.get(1) instanceof Long gone ? gone : 0;
        }
        return Math.toIntExact(count);
    }

    /** Deletes what is known of a mail server. */
    int forgetHost(InetAddress host) throws IOException {
        return Math.toIntExact(delete(List.of(keys.host(host))));
    }

    private long delete(List<String> gone) throws IOException {
        return await(link.query(WAIT, commands -> commands.del(gone.toArray(String[]::new))));
    }
}
