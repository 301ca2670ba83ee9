package org.senderauth.server;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Transaction;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.JsonText;
import org.senderauth.server.web.DecisionFigures;
import org.senderauth.server.web.WebSource;
import org.senderauth.spf.lint.LintReport;

/**
 * The service as its web pages see it.
 *
 * @param hostname this host's name
 * @param trials the checks of the current configuration, without log and metrics
 * @param history the decisions
 * @param figures the counts of decisions
 * @param parts the parts of the service, and how they are
 * @param control answers requests about the state
 * @param lookups the public lookups in the SES zone by result
 * @param clock the time
 * @param log takes a line for each action of a user
 */
record ServicePages(
        String hostname,
        Supplier<PolicyFactory> trials,
        HistorySource history,
        DecisionFigures figures,
        Supplier<List<Health>> parts,
        ServiceControl control,
        Supplier<Map<String, Long>> lookups,
        InstantSource clock,
        Consumer<String> log)
        implements WebSource {

    @Override
    public List<Health> health() {
        return parts.get();
    }

    @Override
    public Decision decide(Transaction transaction) {
        return trials.get().policy().decide(transaction);
    }

    @Override
    public LintReport lint(String domain) {
        return trials.get().lint(domain);
    }

    @Override
    public List<StateRow> state(String topic) throws IOException {
        List<StateRow> rows = new ArrayList<>();
        control.answer(Map.of("command", "state", "topic", topic), line -> {
            Map<String, String> fields = Objects.requireNonNullElse(JsonText.flat(line), Map.of());
            rows.add(new StateRow(
                    fields.getOrDefault("kind", ""),
                    fields.getOrDefault("name", ""),
                    fields.getOrDefault("state", ""),
                    fields.getOrDefault("until", ""),
                    fields.getOrDefault("detail", "")));
        });
        return rows;
    }

    @Override
    public Forgotten forget(String what, String user) throws IOException {
        List<Forgotten> gone = new ArrayList<>(1);
        control.answer(Map.of("command", "forget", "what", what), line -> {
            Map<String, String> fields = Objects.requireNonNullElse(JsonText.flat(line), Map.of());
            gone.add(new Forgotten(
                    Integer.parseInt(fields.getOrDefault("evicted", "0")), fields.getOrDefault("note", "")));
        });
        Forgotten done = gone.get(0);
        log.accept("web action=forget user=" + LogText.quoted(user) + " what=" + LogText.quoted(what) + " evicted="
                + done.evicted());
        return done;
    }

    @Override
    public Map<String, Long> publicLookups() {
        return lookups.get();
    }
}
