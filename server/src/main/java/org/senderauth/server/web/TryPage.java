package org.senderauth.server.web;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Transaction;

/**
 * The page "Try". It sends DNS queries and may probe mail servers, so its forms are POSTs, and few run at a time.
 * Thread-safe.
 */
final class TryPage {

    static final String DECISION = "/try/decision";
    static final String LINT = "/try/lint";
    static final String REPLY = "/try/reply";

    private static final int MAX_RUNNING = 2;

    private final WebSource source;
    private final Semaphore running = new Semaphore(MAX_RUNNING);

    TryPage(WebSource source) {
        this.source = source;
    }

    /** Shows the page; a form is run first. */
    TryView view(WebRequest request) {
        if (!request.isPost()) {
            return new Form(request).view();
        }
        if (!running.tryAcquire()) {
            Form busy = new Form(request);
            busy.problems.add(MAX_RUNNING + " trials are running; try again in a moment");
            return busy.view();
        }
        try {
            return run(request);
        } finally {
            running.release();
        }
    }

    private TryView run(WebRequest request) {
        Form form = new Form(request);
        switch (request.path()) {
            case DECISION -> decide(form);
            case LINT -> lint(form);
            default -> explain(form);
        }
        return form.view();
    }

    private void decide(Form form) {
        Optional<InetAddress> client = IpAddresses.parse(form.ip);
        if (client.isEmpty()) {
            form.problems.add("invalid IP address of the client: '" + form.ip + "'");
        }
        Optional<String> helo = form.helo.isEmpty() ? Optional.of("") : MailDomain.parse(form.helo);
        if (helo.isEmpty()) {
            form.problems.add("invalid HELO name: '" + form.helo + "'");
        }
        if (EnvelopePath.parse(form.from) instanceof EnvelopePath.Malformed malformed) {
            form.problems.add("invalid envelope sender: '" + form.from + "': " + malformed.problem());
        }
        if (!form.problems.isEmpty()) {
            return;
        }
        Transaction transaction = Transaction.of(client.orElseThrow(), helo.orElseThrow(), form.from);
        form.decision = DecisionView.of(source.decide(transaction));
    }

    private void lint(Form form) {
        Optional<String> domain = MailDomain.parse(form.domain)
                .filter(name -> DomainNames.parse(name).isPresent());
        if (domain.isEmpty()) {
            form.problems.add("invalid domain name: '" + form.domain + "'");
        } else {
            form.lint = LintView.of(source.lint(domain.get()));
        }
    }

    private static void explain(Form form) {
        try {
            form.meaning = ReplyView.of(form.reply);
        } catch (IllegalArgumentException e) {
            form.problems.add("invalid reply: " + e.getMessage());
        }
    }

    /** The fields of the forms, and what was found. */
    private static final class Form {

        private final String token;
        private final String ip;
        private final String helo;
        private final String from;
        private final String domain;
        private final String reply;
        private final List<String> problems = new ArrayList<>();
        private @Nullable DecisionView decision;
        private @Nullable LintView lint;
        private @Nullable ReplyView meaning;

        Form(WebRequest request) {
            this.token = request.formToken();
            this.ip = request.field("ip");
            this.helo = request.field("helo");
            this.from = request.field("from");
            this.domain = request.field("domain");
            this.reply = request.field("reply");
        }

        TryView view() {
            return new TryView(token, ip, helo, from, domain, reply, problems, decision, lint, meaning);
        }
    }
}
