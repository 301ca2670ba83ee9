package org.senderauth.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.senderauth.srs.AliasStore;

/** A store of aliases whose failures to write are logged: the first one, and when it works again. Thread-safe. */
final class LoggedAliases implements AliasStore {

    private final AliasStore store;
    private final LogQueue log;
    private final AtomicBoolean failing = new AtomicBoolean();

    LoggedAliases(AliasStore store, LogQueue log) {
        this.store = store;
        this.log = log;
    }

    @Override
    public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
        return store.put(alias, address, lifetime).thenApply(this::logged);
    }

    @Override
    public CompletableFuture<Answer> get(String alias) {
        return store.get(alias);
    }

    private Answer logged(Answer answer) {
        if (answer instanceof Answer.Unavailable unavailable) {
            if (!failing.getAndSet(true)) {
                log.line("srs: aliases unavailable: " + LogText.quoted(unavailable.detail()));
            }
        } else if (failing.getAndSet(false)) {
            log.line("srs: aliases available again");
        }
        return answer;
    }
}
