package org.senderauth.redis;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostKeys;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;
import org.senderauth.callout.state.StateRules;

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

    /** How long a budget is kept that nobody uses, if it is full by then. */
    private static final Duration BUDGET_IDLE = Duration.ofHours(2);

    private static final int ADMIT_FIELDS = 10;

    private final RedisLink link;
    private final KeyNames names;
    private final CalloutLimits limits;
    private final Duration deadline;
    private final RedisTime time;
    private final StoredValues values;
    private final LocalShare local;
    private final String instance = Long.toString(new SecureRandom().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
    private final AtomicLong grants = new AtomicLong();

    /** Buckets in which this host has asked by itself, until Redis knows. */
    private final Set<String> askedAlone = ConcurrentHashMap.newKeySet();

    /** What a cluster cannot decide in the same step; null for a single Redis, which can. */
    private final @Nullable AcrossBuckets across;

    RedisCalloutState(RedisLink link, KeyNames names, RedisSettings settings, CalloutLimits limits, RedisTime time) {
        this.link = link;
        this.names = names;
        this.limits = limits;
        this.deadline = settings.deadline();
        this.time = time;
        this.values = new StoredValues(time);
        this.local = new LocalShare(limits, settings.hosts(), time::now);
        this.across = settings.cluster() ? new AcrossBuckets(limits, settings.hosts(), time::now) : null;
    }

    // ---- admission ----

    @Override
    public CompletionStage<Admission> admit(Question question) {
        String bucket = KeyNames.bucket(question.registrable());
        boolean reset = askedAlone.contains(bucket);
        String token = instance + "-" + grants.incrementAndGet();
        List<String> keys = admitKeys(question, bucket);
        List<String> arguments = admitArguments(question, token, reset);
        return link.run(Script.ADMIT, keys, arguments, late -> endLateGrant(late, question, token))
                .handleAsync(
                        (reply, failure) -> {
                            Admission admission = failure == null ? admission(reply, question, token) : null;
                            if (admission == null) {
                                if (failure == null) {
                                    link.lost("a reply to an admission that is none", keys.get(0));
                                }
                                return admitAlone(question, bucket);
                            }
                            if (reset) {
                                askedAlone.remove(bucket);
                            }
                            return CompletableFuture.completedFuture(admission);
                        },
                        link.executor())
                .thenCompose(admission -> admission);
    }

    private CompletionStage<Admission> admitAlone(Question question, String bucket) {
        return local.admit(question, link.outages()).thenApply(admission -> {
            if (admission instanceof Admission.Granted
                    || admission instanceof Admission.Known known && known.refresh() != null) {
                askedAlone.add(bucket);
            }
            return admission;
        });
    }

    private List<String> admitKeys(Question question, String bucket) {
        List<String> keys = new ArrayList<>(List.of(
                names.start(bucket),
                names.reset(bucket),
                names.in(bucket, "d", question.domain()),
                names.in(bucket, "b", question.registrable()),
                names.in(bucket, "l", question.address()),
                names.in(bucket, "r", question.registrable()),
                names.in(bucket, "a", question.address())));
        question.families().forEach(family -> keys.add(names.in(bucket, "a", family)));
        if (across == null) {
            keys.add(names.overall());
            keys.add(client(question));
        }
        return keys;
    }

    private List<String> admitArguments(Question question, String token, boolean reset) {
        boolean overallSpent = across != null && across.isOverallSpent(question.preferred());
        boolean clientExhausted = across != null && across.isExhausted(question.client());
        return List.of(
                time.argument(),
                token,
                flag(question.mayProbe()),
                flag(question.preferred()),
                Integer.toString(question.boost()),
                Integer.toString(question.families().size()),
                micros(limits.perDomain()),
                Integer.toString(limits.perDomain().burst()),
                Integer.toString(limits.probesPerDomain()),
                idle(limits.perDomain()),
                resetTime(reset),
                Long.toString(StateRules.LEASE.toMillis()),
                micros(limits.overall()),
                Integer.toString(limits.overall().burst()),
                Integer.toString(limits.badSendersPerClient()),
                flag(overallSpent),
                flag(clientExhausted),
                time.after(deadline));
    }

    /** Reads a reply; null if it is none. */
    private @Nullable Admission admission(List<Object> reply, Question question, String token) {
        if (reply.size() != ADMIT_FIELDS
                || !(reply.get(0) instanceof String kind)
                || !(reply.get(2) instanceof String limiter)
                || !(reply.get(3) instanceof String answer)
                || !noteTime(reply.get(1))) {
            return null;
        }
        return switch (kind) {
            case "RUNNING" -> new Admission.Running();
            case "LIMITED" -> limiter(limiter);
            // In time all the same: a clock was set, and from this reply on it is known how far.
            case "LATE" -> new Admission.Limited(Admission.Limiter.OVERALL);
            case "GRANTED" -> granted(reply, question, token, null);
            case "KNOWN", "REFRESH" -> {
                AddressRecord record = values.readRecord(answer);
                if (record == null) {
                    // One that only another release can read: nobody is asked, and nothing is said of the sender.
                    endLateGrant(reply, question, token);
                    yield new Admission.Limited(Admission.Limiter.OVERALL);
                }
                boolean ofDomain = Long.valueOf(1).equals(reply.get(4));
                boolean stale = Long.valueOf(1).equals(reply.get(5));
                Admission.Known known = new Admission.Known(record, ofDomain, stale, null);
                yield kind.equals("KNOWN") ? known : granted(reply, question, token, known);
            }
            default -> null;
        };
    }

    private static @Nullable Admission limiter(String name) {
        try {
            return new Admission.Limited(Admission.Limiter.valueOf(name));
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private @Nullable Admission granted(
            List<Object> reply, Question question, String token, Admission.@Nullable Known known) {
        if (!(reply.get(6) instanceof String prior)
                || !(reply.get(7) instanceof Long family)
                || !(reply.get(8) instanceof String familyAnswer)
                || !(reply.get(9) instanceof String facts)
                || family < 0
                || family > question.families().size()) {
            return null;
        }
        if (across != null) {
            across.spend(question.preferred());
        }
        AddressRecord ofFamily = family == 0 ? null : values.readRecord(familyAnswer);
        Grant grant = new Grant(
                question,
                token,
                values.readRecord(prior),
                ofFamily == null ? null : new Grant.Family(question.families().get((int) (family - 1)), ofFamily),
                values.readFacts(facts).at(time.now()));
        return known == null
                ? new Admission.Granted(grant)
                : new Admission.Known(known.answer(), known.ofDomain(), known.stale(), grant);
    }

    /** A grant that comes when its asker has had another answer: nobody will use it. */
    private void endLateGrant(List<Object> reply, Question question, String token) {
        if (!reply.isEmpty() && (reply.get(0).equals("GRANTED") || reply.get(0).equals("REFRESH"))) {
            link.tell(Script.RELEASE, leaseKeys(question), List.of(time.argument(), token));
        }
    }

    // ---- mail servers ----

    @Override
    public HostAdmission enterHost(InetAddress address, Question question) {
        String budget = HostKeys.budget(address);
        String bucket = KeyNames.bucket(budget);
        boolean reset = askedAlone.contains(bucket);
        List<String> keys =
                List.of(names.start(bucket), names.reset(bucket), host(bucket, address), names.in(bucket, "m", budget));
        List<String> arguments = List.of(
                time.argument(),
                flag(question.preferred()),
                micros(limits.perHost()),
                Integer.toString(limits.perHost().burst()),
                idle(limits.perHost()),
                resetTime(reset));
        HostAdmission admission = link.run(Script.ENTER, keys, arguments, late -> {})
                .handle((reply, failure) -> failure == null ? hostAdmission(reply) : null)
                .join();
        if (admission == null) {
            return enterAlone(address, question, bucket);
        }
        if (reset) {
            askedAlone.remove(bucket);
        }
        return admission;
    }

    private HostAdmission enterAlone(InetAddress address, Question question, String bucket) {
        HostAdmission admission = local.enterHost(address, question, link.outages());
        if (admission instanceof HostAdmission.Open) {
            askedAlone.add(bucket);
        }
        return admission;
    }

    private @Nullable HostAdmission hostAdmission(List<Object> reply) {
        if (reply.size() != 3
                || !(reply.get(0) instanceof String kind)
                || !(reply.get(2) instanceof String value)
                || !noteTime(reply.get(1))) {
            return null;
        }
        HostRecord host = values.readHost(value);
        CalloutReason trouble = host.trouble();
        return switch (kind) {
            case "OPEN" -> new HostAdmission.Open(host);
            case "EXHAUSTED" -> new HostAdmission.Exhausted();
            // Trouble that only another release knows: it is not for this one to go there.
            case "BLOCKED" -> trouble == null ? new HostAdmission.Exhausted() : new HostAdmission.Blocked(trouble);
            default -> null;
        };
    }

    // ---- lessons ----

    @Override
    public void learn(Lesson lesson) {
        local.learn(lesson);
        List<CompletableFuture<?>> stored = new ArrayList<>();
        stored.add(link.run(Script.LEARN, learnKeys(lesson), learnArguments(lesson), late -> {}));
        for (Map.Entry<InetAddress, HostRecord> host : lesson.hosts().entrySet()) {
            String bucket = KeyNames.bucket(HostKeys.budget(host.getKey()));
            stored.add(link.run(
                    Script.HOST,
                    host(bucket, host.getKey()),
                    time.argument(),
                    values.write(host.getValue()),
                    redis(host.getValue().keepUntil())));
        }
        if (lesson.badSender()) {
            stored.add(countBadSender(lesson.grant().question()));
        }
        await(CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)));
    }

    private List<String> learnKeys(Lesson lesson) {
        Question question = lesson.grant().question();
        String bucket = KeyNames.bucket(question.registrable());
        String pattern = question.pattern() == null ? "" : question.pattern();
        List<String> keys = new ArrayList<>(List.of(
                names.in(bucket, "b", question.registrable()),
                names.in(bucket, "l", question.address()),
                names.in(bucket, "d", question.domain()),
                names.in(bucket, "p", pattern),
                names.in(bucket, "a", pattern)));
        lesson.addresses().keySet().forEach(address -> keys.add(names.in(bucket, "a", address)));
        return keys;
    }

    private List<String> learnArguments(Lesson lesson) {
        Question question = lesson.grant().question();
        DomainFacts facts = lesson.domain();
        AddressRecord proof = question.pattern() == null ? null : lesson.patternProof();
        List<String> arguments = new ArrayList<>(List.of(
                time.argument(),
                lesson.grant().token(),
                lesson.tally().name(),
                flag(question.preferred()),
                Integer.toString(limits.forgeriesPerDomain()),
                idle(limits.perDomain()),
                facts == null ? "" : values.write(facts),
                facts == null ? "" : redis(facts.keepUntil()),
                proof == null ? "" : KeyNames.member(question.address()),
                proof == null ? "" : values.write(proof),
                proof == null ? "" : redis(proof.keepUntil()),
                Integer.toString(Lesson.PROOFS),
                Long.toString(StateRules.PATTERN_WINDOW.toMillis())));
        lesson.addresses().values().forEach(record -> {
            arguments.add(values.write(record));
            arguments.add(redis(record.keepUntil()));
        });
        return arguments;
    }

    private CompletableFuture<?> countBadSender(Question question) {
        return link.run(
                        Script.CLIENT,
                        client(question),
                        time.argument(),
                        KeyNames.member(question.address()),
                        Integer.toString(limits.badSendersPerClient()),
                        Long.toString(StateRules.CLIENT_WINDOW.toMillis()))
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
            await(link.run(
                    Script.RELEASE, leaseKeys(grant.question()), List.of(time.argument(), grant.token()), late -> {}));
        } else {
            local.release(grant);
        }
    }

    private List<String> leaseKeys(Question question) {
        String bucket = KeyNames.bucket(question.registrable());
        return List.of(names.in(bucket, "l", question.address()), names.in(bucket, "r", question.registrable()));
    }

    /** Waits for what has a deadline; what could not be stored is learnt anew, and a lease ends by itself. */
    private static void await(CompletableFuture<?> stored) {
        try {
            stored.join();
        } catch (CompletionException away) {
            // The link has told the observer.
        }
    }

    // ---- names and numbers ----

    private String client(Question question) {
        return names.in(KeyNames.bucket(question.client()), "c", question.client());
    }

    private String host(String bucket, InetAddress address) {
        return names.in(bucket, "h", address.getHostAddress());
    }

    private boolean noteTime(Object micros) {
        if (micros instanceof String text && !text.isEmpty() && text.length() <= 18) {
            try {
                time.replied(Long.parseLong(text));
                return true;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return false;
    }

    private String redis(Instant end) {
        return Long.toString(time.toRedis(end));
    }

    private String resetTime(boolean reset) {
        Duration domain = LocalShare.filling(limits.perDomain());
        Duration host = LocalShare.filling(limits.perHost());
        return reset ? Long.toString((domain.compareTo(host) > 0 ? domain : host).toMillis()) : "0";
    }

    private static String idle(Rate rate) {
        Duration filling = LocalShare.filling(rate);
        return Long.toString((filling.compareTo(BUDGET_IDLE) > 0 ? filling : BUDGET_IDLE).toMillis());
    }

    private static String micros(Rate rate) {
        return Long.toString(Math.max(1, rate.interval().toNanos() / 1_000));
    }

    private static String flag(boolean value) {
        return value ? "1" : "0";
    }
}
