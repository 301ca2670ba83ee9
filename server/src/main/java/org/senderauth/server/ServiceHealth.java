package org.senderauth.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.web.WebServer;
import org.senderauth.server.web.WebSource;
import org.senderauth.ses.ReplayLedger;

/**
 * The health of a running service: whether its listeners answer, and whether the dependencies of its decisions work.
 * Thread-safe.
 */
final class ServiceHealth {

    private final String hostname;
    private final Listeners listeners;
    private final ZoneServer zone;
    private final SpfZoneRefresher spfZone;
    private final PersistentState memory;
    private final HealthCheck check = new HealthCheck(
            this::listeners,
            List.of(
                    new HealthCheck.Dependency("the DNS", this::dnsWorks),
                    new HealthCheck.Dependency("the SES ledger", this::ledgerWorks),
                    new HealthCheck.Dependency("the DNS of a served SPF record", this::spfZoneWorks),
                    new HealthCheck.Dependency("the listener of the web pages", this::webWorks)),
            System::nanoTime);
    private volatile @Nullable PolicyFactory policies;
    private volatile boolean hasSes;
    private volatile @Nullable WebServer web;
    private volatile boolean stopping;

    /**
     * The health of a service that starts.
     *
     * @param hostname the name that it looks up, to see whether the DNS works
     */
    ServiceHealth(
            String hostname, Listeners listeners, ZoneServer zone, SpfZoneRefresher spfZone, PersistentState memory) {
        this.hostname = hostname;
        this.listeners = listeners;
        this.zone = zone;
        this.spfZone = spfZone;
        this.memory = memory;
    }

    /** From now on, decisions need the DNS of these policies, and the ledger if there is SES. */
    void decisionsBy(PolicyFactory made, boolean ses) {
        policies = made;
        hasSes = ses;
    }

    /** The service has web pages. */
    void pagesOn(WebServer pages) {
        web = pages;
    }

    /** The service stops: it is not healthy any more. */
    void stopping() {
        stopping = true;
    }

    /** The result of now, or of a moment ago. */
    HealthCheck.Result result() {
        if (stopping) {
            return new HealthCheck.Result(false, "stopping", 0);
        }
        return zone.trouble()
                .map(trouble -> new HealthCheck.Result(false, trouble, 0))
                .orElseGet(check::result);
    }

    /** The parts of the service for its web pages, Redis among them: decisions continue without it. */
    List<WebSource.Health> parts() {
        HealthCheck.Result now = result();
        List<WebSource.Health> parts = new ArrayList<>();
        parts.add(new WebSource.Health("Service and DNS", now.good(), now.text()));
        memory.redisWorks()
                .ifPresent(works -> parts.add(
                        new WebSource.Health("Redis", works, works ? "connected" : "unavailable, using local limits")));
        return parts;
    }

    /** The served protocols, for the line of {@code systemctl status}. */
    String summary() {
        int count = listeners().size();
        return "serving " + count + (count == 1 ? " listener" : " listeners");
    }

    private List<ListenerProbe> listeners() {
        List<ListenerProbe> all = new ArrayList<>(listeners.probes());
        all.addAll(zone.listeners());
        return all;
    }

    private CompletionStage<Boolean> dnsWorks() {
        PolicyFactory now = policies;
        return now == null ? CompletableFuture.completedFuture(true) : now.dnsWorks(hostname);
    }

    // Without the ledger every signed address is deferred and every lookup SERVFAIL.
    private CompletionStage<Boolean> ledgerWorks() {
        return hasSes
                ? memory.ledger()
                        .read("health")
                        .thenApply(count -> !(count instanceof ReplayLedger.UseCount.Unavailable))
                : CompletableFuture.completedFuture(true);
    }

    // Old networks are served on; without any, each query gets SERVFAIL.
    private CompletionStage<Boolean> spfZoneWorks() {
        return CompletableFuture.completedFuture(spfZone.isAvailable());
    }

    // Not asked over its port: a flood of the pages, which make clients wait, says nothing about decisions.
    private CompletionStage<Boolean> webWorks() {
        WebServer pages = web;
        return CompletableFuture.completedFuture(pages == null || pages.isListening());
    }
}
