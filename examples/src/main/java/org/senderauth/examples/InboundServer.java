package org.senderauth.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.probe.Prober;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Stage;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.Transaction;
import org.senderauth.policy.Unsigned;
import org.senderauth.policy.Unsigner;
import org.senderauth.ses.Ses;
import org.senderauth.spf.SpfVerifier;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An inbound mail server on SubEthaSMTP with SPF, CSV, BATV, SES and callouts. It asks one policy at each command, and
 * takes our own signatures off recipients.
 */
public record InboundServer(SenderPolicy policy, Unsigner unsigner, Predicate<String> mailboxes, Consumer<Mail> inbox) {

    /** A message as it was taken, with the headers of the decision on top. */
    public record Mail(String sender, List<String> recipients, byte[] content) {}

    /** The policy of a host with five defences. A callout is the last resort: here it reports and refuses nobody. */
    public static SenderPolicy fiveDefences(
            String host, Set<String> domains, DnsClient dns, Batv batv, Ses ses, Prober prober) {
        return SenderPolicy.builder(host)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(SpfVerifier.builder().dns(dns).receiver(host).build(), SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, BounceRules.defaults(), InstantSource.system()))
                .ses(ses, domains)
                .callout(CalloutVerifier.builder(prober).ownDomains(domains).build())
                .modes(StepModes.builder()
                        .general(Step.CALLOUT, StepMode.REPORT)
                        .build())
                .onTrouble(Step.SPF, OnTrouble.DEFER)
                .build();
    }

    /** Puts this server's work into one of SubEthaSMTP, which gives each connection a thread. */
    public SMTPServer.Builder on(SMTPServer.Builder server) {
        return server.messageHandlerFactory(Session::new).maxMessageSize(25_000_000);
    }

    /** One message of a session. */
    private final class Session implements MessageHandler {

        private final MessageContext context;
        private final String message = UUID.randomUUID().toString();
        private final List<String> asSaid = new ArrayList<>();
        private final List<String> recipients = new ArrayList<>();
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
                throw new RejectException(550, "5.1.1 No such mailbox");
            }
            // Other people's servers are asked about the sender only now that the mail is for somebody.
            decide(recipient, Stage.RECIPIENT_EXISTS);
            headers = headers.isEmpty() ? decision.headers() : headers;
            asSaid.add(recipient);
            recipients.add(mailbox);
        }

        @Override
        public @Nullable String data(InputStream data) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            headers.forEach(header -> content.writeBytes((header + "\r\n").getBytes(StandardCharsets.UTF_8)));
            data.transferTo(content);
            policy.accepted(transaction(asSaid.size() == 1 ? asSaid.get(0) : null));
            inbox.accept(new Mail(sender, List.copyOf(recipients), content.toByteArray()));
            return null;
        }

        @Override
        public void done() {}

        private Decision decide(@Nullable String recipient, Stage stage) throws RejectException {
            Decision decision = policy.decide(transaction(recipient), stage);
            SmtpReply refusal = decision.refusal();
            if (refusal != null) {
                throw new RejectException(refusal.code(), refusal.enhancedCode() + " " + refusal.text());
            }
            return decision;
        }

        private Transaction transaction(@Nullable String recipient) {
            return new Transaction(
                    ((InetSocketAddress) context.getRemoteAddress()).getAddress(),
                    context.getHelo().orElse(""),
                    sender,
                    recipient,
                    context.getAuthenticationHandler()
                            .map(login -> login.getIdentity().toString())
                            .orElse(null),
                    message);
        }

        private String mailbox(String recipient) throws RejectException {
            Unsigned unsigned = unsigner.unsign(recipient);
            if (unsigned instanceof Unsigned.TryLater) {
                throw new RejectException(451, "4.3.0 The recipient cannot be checked now");
            }
            return unsigned instanceof Unsigned.Original original ? original.address() : recipient;
        }
    }
}
