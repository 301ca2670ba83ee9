package org.senderauth.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MessageContent;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Stage;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.policy.TempfailAction;
import org.senderauth.policy.Transaction;
import org.senderauth.ses.Ses;
import org.senderauth.spf.SpfVerifier;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An inbound mail server on SubEthaSMTP with SPF, CSV, BATV, SES and callouts. One policy decides at each command; our
 * signatures are stripped from recipients.
 */
public record InboundServer(
        SenderPolicy policy, SignatureStripper stripper, Predicate<String> mailboxes, Consumer<Mail> inbox) {

    /** An accepted message, with the header fields of the decision prepended. */
    public record Mail(String sender, List<String> recipients, byte[] content) {}

    /** Builds the policy of a host with five defenses. The callout only monitors. */
    public static SenderPolicy fiveDefenses(
            String host, Set<String> domains, DnsClient dns, Batv batv, Ses ses, CalloutVerifier callout) {
        // RFC 5321 section 4.5.1
        Exemptions.Builder exemptions = Exemptions.builder();
        domains.forEach(domain -> exemptions.recipient("postmaster@" + domain).recipient("abuse@" + domain));
        return SenderPolicy.builder(host)
                .exemptions(exemptions.build())
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(SpfVerifier.builder().dns(dns).receiver(host).build(), SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, BounceRules.defaults(), InstantSource.system()), true)
                .ses(ses, domains)
                .callout(callout)
                .modes(StepModes.builder()
                        .defaultMode(Step.CALLOUT, StepMode.MONITOR)
                        .build())
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .build();
    }

    /** Adds this handler to a SubEthaSMTP server, which runs each connection in a thread. */
    public SMTPServer.Builder on(SMTPServer.Builder server) {
        return server.messageHandlerFactory(Session::new).maxMessageSize(25_000_000);
    }

    /** One message of a session. */
    private final class Session implements MessageHandler {

        private final MessageContext context;
        private final String message = UUID.randomUUID().toString();
        private final Map<String, String> mailboxesByRecipient = new LinkedHashMap<>();
        private final List<String> awaitingContent = new ArrayList<>();
        private List<String> headers = List.of();
        private String sender = "";

        private Session(MessageContext context) {
            this.context = context;
        }

        @Override
        public void from(String from) throws RejectException {
            sender = from;
            decide(null, Stage.MAIL);
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            Decision decision = decide(recipient, Stage.RCPT);
            String mailbox = mailbox(recipient);
            if (!mailboxes.test(mailbox)) {
                throw new RejectException(550, "5.1.1 Recipient address rejected: user unknown");
            }
            // Callouts run only for mail to an existing mailbox.
            decide(recipient, Stage.RCPT_VALIDATED);
            headers = headers.isEmpty() ? decision.headers() : headers;
            mailboxesByRecipient.put(recipient, mailbox);
            if (decision.awaitsContent()) {
                awaitingContent.add(recipient);
            }
        }

        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            byte[] message = data.readAllBytes();
            checkContent(MessageContent.of(message));
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            headers.forEach(header -> content.writeBytes((header + "\r\n").getBytes(StandardCharsets.UTF_8)));
            content.writeBytes(message);
            Set<String> recipients = mailboxesByRecipient.keySet();
            policy.accepted(
                    transaction(recipients.size() == 1 ? recipients.iterator().next() : null));
            inbox.accept(new Mail(sender, List.copyOf(mailboxesByRecipient.values()), content.toByteArray()));
            return null;
        }

        // A message has one reply: rejected recipients are dropped unless all are, since a bounce has no sender to
        // report to.
        private void checkContent(MessageContent content) throws RejectException {
            RejectException rejection = null;
            for (String recipient : awaitingContent) {
                Decision decision = policy.decide(transaction(recipient), content);
                if (decision.smtpReply().isPresent()) {
                    rejection = rejection(decision.smtpReply().get());
                    mailboxesByRecipient.remove(recipient);
                }
                if (decision.action() == Decision.Action.DEFER) {
                    throw rejection;
                }
            }
            if (rejection != null && mailboxesByRecipient.isEmpty()) {
                throw rejection;
            }
        }

        @Override
        public void done() {
            policy.ended(transaction(null));
        }

        private Decision decide(@Nullable String recipient, Stage stage) throws RejectException {
            Decision decision = policy.decide(transaction(recipient), stage);
            if (decision.smtpReply().isPresent()) {
                throw rejection(decision.smtpReply().get());
            }
            return decision;
        }

        private RejectException rejection(SmtpReply reply) {
            return new RejectException(reply.code(), reply.enhancedCode() + " " + reply.text());
        }

        private Transaction transaction(@Nullable String recipient) {
            InetAddress client = ((InetSocketAddress) context.getRemoteAddress()).getAddress();
            Transaction mail =
                    Transaction.of(client, context.getHelo().orElse(""), sender).ofMessage(message);
            Transaction authenticated = context.getAuthenticationHandler()
                    .map(login -> mail.authenticatedAs(login.getIdentity().toString()))
                    .orElse(mail);
            return recipient == null ? authenticated : authenticated.to(recipient);
        }

        private String mailbox(String recipient) throws RejectException {
            StrippedAddress stripped = stripper.strip(recipient);
            if (stripped instanceof StrippedAddress.Unavailable) {
                throw new RejectException(451, "4.3.0 Recipient check temporarily unavailable, try again later");
            }
            return stripped instanceof StrippedAddress.Original original ? original.address() : recipient;
        }
    }
}
