package org.senderauth.redis;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;

/**
 * The state of callouts of all hosts that share one Redis. Thread-safe.
 *
 * <p>Each admission is one script and one round trip: answers, the lease of the address, all budgets and Redis' own
 * clock. What it touches is in one bucket, so that it works on a cluster as well; there the budget for all is divided
 * among the hosts, and of a client's bad senders each host knows as soon as it has seen one of them itself.
 *
 * <p>While Redis is away a host goes by what it has learnt itself, and asks within its share of the budgets, which
 * begins empty; so does the budget in Redis when it is back, where hosts have asked meanwhile. A host that is cut off
 * alone has its share beside what the others have: then the budgets may be exceeded by that share.
 */
public final class RedisCalloutState implements CalloutState {

    private final RedisLink link;
    private final CalloutKeys keys;
    private final RedisTime time;
    private final AdmitScript admitting;
    private final EnterScript entering;
    private final LearnScript learning;
    private final LocalShare local;
    private final String instance = Long.toString(new SecureRandom().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
    private final AtomicLong grants = new AtomicLong();

    /** Buckets in which this host has asked by itself, until Redis knows. */
    private final Set<String> askedAlone = ConcurrentHashMap.newKeySet();

    /** What a cluster cannot decide in the same step; null for a single Redis, which can. */
    private final @Nullable AcrossBuckets across;

    RedisCalloutState(RedisLink link, KeyNames names, RedisSettings settings, CalloutLimits limits, RedisTime time) {
        StoredValues values = new StoredValues(time);
        this.link = link;
        this.keys = new CalloutKeys(names);
        this.time = time;
        this.across = settings.cluster() ? new AcrossBuckets(limits, settings.hosts(), time::now) : null;
        this.admitting = new AdmitScript(keys, limits, settings.deadline(), time, values, across);
        this.entering = new EnterScript(keys, limits, time, values);
        this.learning = new LearnScript(keys, limits, time, values);
        this.local = new LocalShare(limits, settings.hosts(), time::now);
    }

    @Override
    public CompletionStage<Admission> admit(Question question) {
        String bucket = CalloutKeys.bucket(question);
        boolean alone = askedAlone.contains(bucket);
        String token = instance + "-" + grants.incrementAndGet();
        List<String> arguments = admitting.arguments(question, token, alone);
        return link.run(Script.ADMIT, admitting.keys(question), arguments, late -> endGrant(late, question, token))
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

    private CompletionStage<Admission> admitAlone(Question question, String bucket) {
        link.bypassed(RedisObserver.Work.ADMISSION);
        return local.admit(question, link.outages()).thenApply(admission -> {
            if (admission instanceof Admission.Granted
                    || admission instanceof Admission.Known known && known.refresh() != null) {
                askedAlone.add(bucket);
            }
            return admission;
        });
    }

    /** Ends the lease of a grant that nobody will use. */
    private void endGrant(List<Object> reply, Question question, String token) {
        if (AdmitScript.isGrant(reply)) {
            link.tell(Script.RELEASE, keys.ofRelease(question), List.of(time.argument(), token));
        }
    }

    @Override
    public HostAdmission enterHost(InetAddress address, Question question) {
        String bucket = CalloutKeys.bucket(address);
        boolean alone = askedAlone.contains(bucket);
        HostAdmission admission = link.run(
                        Script.ENTER, entering.keys(address), entering.arguments(question, alone), late -> {})
                .handle((reply, failure) -> failure == null ? entering.read(reply) : null)
                .join();
        if (admission == null) {
            return enterAlone(address, question, bucket);
        }
        if (alone) {
            askedAlone.remove(bucket);
        }
        return admission;
    }

    private HostAdmission enterAlone(InetAddress address, Question question, String bucket) {
        link.bypassed(RedisObserver.Work.MAIL_SERVER);
        HostAdmission admission = local.enterHost(address, question, link.outages());
        if (admission instanceof HostAdmission.Open) {
            askedAlone.add(bucket);
        }
        return admission;
    }

    @Override
    public void learn(Lesson lesson) {
        local.learn(lesson);
        List<CompletableFuture<?>> stored = new ArrayList<>();
        stored.add(link.run(Script.LEARN, learning.keys(lesson), learning.arguments(lesson), late -> {}));
        lesson.hosts()
                .forEach((address, host) ->
                        stored.add(link.run(Script.HOST, keys.host(address), learning.ofHost(host))));
        if (lesson.badSender()) {
            stored.add(countBadSender(lesson.grant().question()));
        }
        await(CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)));
    }

    private CompletableFuture<?> countBadSender(Question question) {
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
    public void release(Grant grant) {
        if (grant.token().startsWith(instance)) {
            List<String> arguments = List.of(time.argument(), grant.token());
            await(link.run(Script.RELEASE, keys.ofRelease(grant.question()), arguments, late -> {}));
        } else {
            local.release(grant);
        }
    }

    /**
     * What this host has learnt itself, which it goes by while Redis is away.
     *
     * @return the figures of the moment
     */
    public InMemoryCalloutState.Figures ownFigures() {
        return local.figures();
    }

    /** Waits for what has a deadline; what could not be stored is learnt anew, and a lease ends by itself. */
    private static void await(CompletableFuture<?> stored) {
        try {
            stored.join();
        } catch (CompletionException away) {
            // The link has told the observer.
        }
    }
}
