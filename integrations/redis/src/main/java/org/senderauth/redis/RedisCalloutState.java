package org.senderauth.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;

/**
 * The state of callouts of all hosts that share one Redis. Thread-safe.
 *
 * <p>Each admission is one script and one round trip: answers, the lease of the address, all rate limits and Redis' own
 * clock. What it touches is in one bucket, so that it works on a cluster as well; there the budget for all is divided
 * among the hosts, and each host knows a client's undeliverable senders as soon as it has seen one of them itself.
 *
 * <p>While Redis is unavailable a host uses its own cache and probes within its share of the rate limits, which starts
 * empty; so does the limit in Redis when it is back, where hosts have probed meanwhile. If a single host is cut off, its
 * share is in addition to the others': then the limits may be exceeded by that share.
 */
// A verifier uses it by an interface of our own modules; the other methods are for all.
@SuppressWarnings("exports")
public final class RedisCalloutState implements CalloutState, CalloutStateAdmin {

    private final RedisGateway link;
    private final CalloutKeys keys;
    private final RedisClock time;
    private final AdmitScript admitting;
    private final AdmitHostScript entering;
    private final ApplyScript learning;
    private final OutageFallback local;
    private final SeenNames seen = new SeenNames();
    private final StoredState stored;
    private final StoredStateReader reader;
    private final String instance = Long.toString(new SecureRandom().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
    private final AtomicLong grants = new AtomicLong();

    /** Buckets in which this host has asked by itself, until Redis knows. */
    private final Set<String> askedAlone = ConcurrentHashMap.newKeySet();

    /** The limits that a cluster cannot decide in the same step; null for a single Redis, which can. */
    private final @Nullable CrossSlotLimits across;

    RedisCalloutState(
            RedisGateway link, KeyNames names, RedisSettings settings, CalloutLimits limits, RedisClock time) {
        ValueCodec values = new ValueCodec(time);
        this.link = link;
        this.keys = new CalloutKeys(names);
        this.time = time;
        this.across = settings.cluster() ? new CrossSlotLimits(limits, settings.hosts(), time.clock()) : null;
        this.admitting = new AdmitScript(keys, limits, settings.deadline(), time, values, across);
        this.entering = new AdmitHostScript(keys, limits, time, values);
        this.learning = new ApplyScript(keys, limits, time, values);
        this.local = new OutageFallback(limits, settings.hosts(), time.clock());
        this.stored = new StoredState(link, keys, limits, time, seen);
        this.reader = new StoredStateReader(stored, across);
    }

    @Override
    public CompletionStage<Admission> admit(AdmissionRequest question) {
        String bucket = CalloutKeys.bucket(question);
        boolean alone = askedAlone.contains(bucket);
        String token = instance + "-" + grants.incrementAndGet();
        List<String> arguments = admitting.arguments(question, token, alone);
        List<String> scriptKeys = admitting.keys(question);
        admitting.names(question, scriptKeys).forEach(seen::add);
        return link.run(Script.ADMIT, scriptKeys, arguments, late -> endGrant(late, question, token))
                .handleAsync(
                        (reply, failure) -> {
                            if (failure != null) {
                                return admitAlone(question, bucket);
                            }
                            Admission admission = admitting.read(reply, question, token);
                            if (admission == null) {
                                link.lost("a reply to an admission that is none", keys.lease(question));
                                return admitAlone(question, bucket);
                            }
                            if (admission instanceof Admission.Limited) {
                                endGrant(reply, question, token);
                            }
                            if (alone) {
                                askedAlone.remove(bucket);
                            }
                            return CompletableFuture.completedFuture(admission);
                        },
                        link.executor())
                .thenCompose(admission -> admission);
    }

    private CompletionStage<Admission> admitAlone(AdmissionRequest question, String bucket) {
        link.fellBack(RedisObserver.Operation.ADMISSION);
        return local.admit(question, link.outages()).thenApply(admission -> {
            if (admission instanceof Admission.Granted
                    || admission instanceof Admission.Known known && known.refresh() != null) {
                askedAlone.add(bucket);
            }
            return admission;
        });
    }

    /** Ends the lease of a permit that will not be used. */
    private void endGrant(List<Object> reply, AdmissionRequest question, String token) {
        if (AdmitScript.isGrant(reply)) {
            link.tell(Script.RELEASE, keys.ofRelease(question), List.of(time.argument(), token));
        }
    }

    @Override
    public HostAdmission admitHost(MailServer server, ProbePermit permit) {
        String mxDomain = server.mxDomain();
        if (mxDomain != null) {
            seen.add(keys.mxBudget(mxDomain), MailServer.mxDomainKey(mxDomain));
            HostAdmission ofDomain = admitHost(CalloutKeys.mxBucket(mxDomain), entering.keys(mxDomain), permit);
            if (ofDomain == null) {
                return admitHostAlone(server, permit);
            }
            if (!(ofDomain instanceof HostAdmission.Admitted)) {
                return ofDomain;
            }
        }
        InetAddress address = server.address();
        seen.add(keys.host(address), address.getHostAddress());
        seen.add(keys.hostBudget(address), MailServer.addressKey(address));
        HostAdmission ofAddress = admitHost(CalloutKeys.bucket(address), entering.keys(address), permit);
        return ofAddress == null ? admitHostAlone(server, permit) : ofAddress;
    }

    /** One of the two steps; null if Redis is unavailable. */
    private @Nullable HostAdmission admitHost(String bucket, List<String> scriptKeys, ProbePermit permit) {
        boolean alone = askedAlone.contains(bucket);
        HostAdmission admission = link.run(Script.ENTER, scriptKeys, entering.arguments(permit, alone), late -> {})
                .handle((reply, failure) -> failure == null ? entering.read(reply) : null)
                .join();
        if (admission != null && alone) {
            askedAlone.remove(bucket);
        }
        return admission;
    }

    private HostAdmission admitHostAlone(MailServer server, ProbePermit permit) {
        link.fellBack(RedisObserver.Operation.MAIL_SERVER);
        HostAdmission admission = local.admitHost(server, permit, link.outages());
        if (admission instanceof HostAdmission.Admitted) {
            askedAlone.add(CalloutKeys.bucket(server.address()));
            if (server.mxDomain() != null) {
                askedAlone.add(CalloutKeys.mxBucket(server.mxDomain()));
            }
        }
        return admission;
    }

    @Override
    public void apply(StateUpdate update) {
        local.apply(update);
        List<CompletableFuture<?>> stored = new ArrayList<>();
        stored.add(link.run(Script.LEARN, learning.keys(update), learning.arguments(update), late -> {}));
        stored.addAll(learnHosts(update));
        if (update.badSender()) {
            stored.add(countBadSender(update.grant().question()));
        }
        await(CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)));
    }

    private List<CompletableFuture<?>> learnHosts(StateUpdate update) {
        ProbePermit permit = update.grant();
        Map<InetAddress, StateUpdate.Tally> addresses = new HashMap<>();
        Map<String, StateUpdate.Tally> mxDomains = new HashMap<>();
        update.probed().forEach((server, tally) -> {
            addresses.merge(server.address(), tally, RedisCalloutState::better);
            if (server.mxDomain() != null) {
                mxDomains.merge(server.mxDomain(), tally, RedisCalloutState::better);
            }
        });
        Set<InetAddress> all = new HashSet<>(update.hosts().keySet());
        all.addAll(addresses.keySet());
        List<CompletableFuture<?>> stored = new ArrayList<>();
        all.forEach(address -> stored.add(link.run(
                Script.HOST,
                List.of(keys.host(address), keys.hostBudget(address)),
                learning.ofHost(update.hosts().get(address), addresses.get(address), permit),
                late -> {})));
        mxDomains.forEach((domain, tally) -> stored.add(link.run(
                Script.HOST,
                List.of(keys.mxRecord(domain), keys.mxBudget(domain)),
                learning.ofHost(null, tally, permit),
                late -> {})));
        return stored;
    }

    /** One good answer of a probe counts for the domain or network, whatever its other servers did. */
    private static StateUpdate.Tally better(StateUpdate.Tally one, StateUpdate.Tally other) {
        return other == StateUpdate.Tally.GOOD ? other : one;
    }

    private CompletableFuture<?> countBadSender(AdmissionRequest question) {
        return link.run(Script.CLIENT, keys.client(question), learning.ofClient(question))
                .thenAccept(reply -> {
                    if (across != null
                            && reply.size() == 3
                            && Long.valueOf(1).equals(reply.get(0))
                            && reply.get(2) instanceof String end) {
                        across.exhausted(question.client(), time.toHost(Long.parseLong(end)));
                    }
                });
    }

    @Override
    public void release(ProbePermit grant) {
        if (grant.token().startsWith(instance)) {
            List<String> arguments = List.of(time.argument(), grant.token());
            await(link.run(Script.RELEASE, keys.ofRelease(grant.question()), arguments, late -> {}));
        } else {
            local.release(grant);
        }
    }

    /**
     * Lists what all hosts know together. Redis has only hashes of names, so of what only other hosts have dealt with the
     * list has the hash. It looks at no more than a million keys, and delays no mail.
     */
    @Override
    public Contents entries(Listing listing, int max, InstantSource dates) throws IOException {
        return reader.entries(listing, max, dates);
    }

    @Override
    public int forget(MailAddress address) throws IOException {
        int count = stored.forget(address);
        local.forget(address);
        return count;
    }

    /**
     * Evicts a domain for all hosts. Addresses that only other hosts have dealt with are evicted but not counted, since
     * Redis has only their hashes. During an outage another host may still use what it cached before.
     */
    @Override
    public int forgetDomain(String domain) throws IOException {
        int count = stored.forgetDomain(domain);
        local.forgetDomain(domain);
        return count;
    }

    @Override
    public int forgetHost(InetAddress host) throws IOException {
        int count = stored.forgetHost(host);
        local.forgetHost(host);
        return count;
    }

    /**
     * Returns the size of this host's own cache, which it uses while Redis is unavailable.
     *
     * @return the current figures
     */
    public InMemoryCalloutState.Figures ownFigures() {
        return local.figures();
    }

    /** Waits for a command, which has a deadline; what could not be stored is probed again, and a lease expires. */
    private static void await(CompletableFuture<?> stored) {
        try {
            stored.join();
        } catch (CompletionException away) {
            // The gateway has notified the observer.
        }
    }
}
