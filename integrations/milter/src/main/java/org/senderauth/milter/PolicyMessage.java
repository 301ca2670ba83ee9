package org.senderauth.milter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageExcerpt;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;
import org.senderauth.dkim2.Dkim2BodyHasher;
import org.senderauth.policy.Decision;
import org.senderauth.policy.DkimResults;
import org.senderauth.policy.ReceivedMessage;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.policy.Transaction;

/** Decides on one message for a {@link PolicyMilter}. */
final class PolicyMessage implements MilterHandler.ForMessage {

    /** Most fields of one message that claim to be ours; a host that is not hostile sends none. */
    private static final int MAX_FORGED_FIELDS = 1000;

    private static final SmtpReply TOO_MANY_FIELDS =
            new SmtpReply(550, "5.6.0", "Too many Authentication-Results fields with the name of this host");
    private static final SmtpReply CANNOT_SIGN =
            new SmtpReply(451, "4.3.0", "Sender signing temporarily unavailable, try again later");
    private static final SmtpReply CANNOT_STRIP =
            new SmtpReply(451, "4.3.0", "Recipient check temporarily unavailable, try again later");

    private final PolicyMilter filter;
    private final MilterMessage message;
    private final boolean own;
    private final boolean trusted;
    private final boolean relayed;
    private final String id;
    private final @Nullable Transaction transaction;

    private final Map<MilterPath, String> originals = new LinkedHashMap<>();
    private final Map<MilterPath, Transaction> pending = new LinkedHashMap<>();
    private boolean bodyPending;
    private final List<MilterHeader> forged = new ArrayList<>();
    private List<String> headers = List.of();
    // What the end of the message adds; recipients with equal results share a field.
    private final Set<String> found = new LinkedHashSet<>();
    private @Nullable MessageExcerpt excerpt;
    private @Nullable Dkim2BodyHasher body;
    private List<MessageSigner.Field> signedFields = List.of();
    private final List<String> dkimPasses = new ArrayList<>();
    private String received = "";
    private Optional<String> author = Optional.empty();
    private Optional<SmtpReply> failsForAll = Optional.empty();
    // What the decision field says of the relay.
    private String relayNote = "";
    private boolean decided;

    PolicyMessage(PolicyMilter filter, MilterMessage message) {
        this.filter = filter;
        this.message = message;
        this.own = filter.own.includes(message);
        this.trusted = filter.own.isFromOurHosts(message.client());
        this.id = filter.nextDecision();
        MilterClient client = message.client();
        this.relayed = !own && filter.relays.includes(client);
        this.transaction = own || relayed
                ? null
                : client.address()
                        .map(address -> Transaction.of(
                                        address, client.helo(), message.sender().address())
                                .ofMessage(id))
                        .orElse(null);
    }

    @Override
    public MilterVerdict recipient(MilterPath recipient) {
        if (transaction != null) {
            Transaction known = transaction.to(recipient.address());
            Transaction checked = message.queueId().map(known::queuedAs).orElse(known);
            Decision decision = filter.policy.decide(checked);
            if (decision.smtpReply().isPresent()) {
                return MilterVerdict.reply(decision.smtpReply().get());
            }
            decided = true;
            headers = headers.isEmpty() ? decision.headers() : headers;
            if (decision.awaitsContent()) {
                pending.put(recipient, checked);
                bodyPending |= awaitsBody(decision);
            }
        }
        return strip(recipient);
    }

    private MilterVerdict strip(MilterPath recipient) {
        StrippedAddress stripped = filter.stripper.strip(recipient.address());
        if (stripped instanceof StrippedAddress.Original original) {
            originals.put(recipient, original.address());
        }
        // Mail that did not come by SMTP must not be rejected, not even for now: its recipient stays signed.
        return stripped instanceof StrippedAddress.Unavailable
                        && !message.client().isNotSmtp()
                ? MilterVerdict.reply(CANNOT_STRIP)
                : MilterVerdict.CONTINUE;
    }

    // A failure of SPF that DKIM may override waits for header fields only.
    private static boolean awaitsBody(Decision decision) {
        return decision.steps().stream()
                .anyMatch(
                        report -> report.step() != Step.SPF && report.result().outcome() == StepResult.Outcome.PENDING);
    }

    @Override
    public boolean needsContent() {
        return !pending.isEmpty() || needsBody() || relayed;
    }

    @Override
    public boolean needsBody() {
        // A bounce may have its status part at the end, after a long text.
        return bodyPending || isSigned();
    }

    private boolean isSigned() {
        return own
                && filter.messageSigner.signs(message.sender().address())
                && !leaving().isEmpty();
    }

    @Override
    public void body(byte[] octets) {
        if (bodyPending) {
            if (excerpt == null) {
                excerpt = new MessageExcerpt();
                byte[] header = message.content();
                excerpt.append(header, 0, header.length);
            }
            excerpt.append(octets, 0, octets.length);
        }
        if (isSigned()) {
            hasher().update(octets, 0, octets.length);
        }
    }

    private Dkim2BodyHasher hasher() {
        if (body == null) {
            body = new Dkim2BodyHasher();
        }
        return body;
    }

    private List<String> leaving() {
        return message.recipients().stream()
                .map(MilterPath::address)
                .filter(filter.own::isRemote)
                .toList();
    }

    @Override
    public void header(MilterHeader header) {
        if (header.name().equalsIgnoreCase(PolicyMilter.RECEIVED)) {
            received = header.index() == 1 ? header.value() : received;
            return;
        }
        if (header.name().equalsIgnoreCase(PolicyMilter.FROM)) {
            // Several From fields have no one author (RFC 5322 section 3.6).
            author = header.index() == 1 ? DkimPasses.author(header.value()) : Optional.empty();
            return;
        }
        // Narrower than what is deleted before the verifier: a result is believed under the exact name only.
        if (AuthservId.of(header.value())
                        .filter(name -> filter.dkimVerifier
                                .filter(name::equalsIgnoreCase)
                                .isPresent())
                        .isPresent()
                && header.name().equalsIgnoreCase(PolicyMilter.AUTHENTICATION_RESULTS)
                && dkimPasses.size() < DkimResults.MAX_DOMAINS) {
            dkimPasses.addAll(DkimPasses.of(header.value()));
        }
        boolean oursByName = header.name().equalsIgnoreCase(PolicyMilter.DECISION_HEADER);
        if (!trusted
                && forged.size() <= MAX_FORGED_FIELDS
                && (oursByName || AuthservId.is(filter.authservId, header.value()))) {
            forged.add(header);
        }
    }

    @Override
    public MilterVerdict end(MilterChanges changes) {
        if (forged.size() > MAX_FORGED_FIELDS) {
            return MilterVerdict.reply(TOO_MANY_FIELDS);
        }
        if (relayed) {
            Optional<SmtpReply> reply = decideOnRelayed();
            if (reply.isPresent()) {
                return MilterVerdict.reply(reply.get());
            }
        }
        Map<MilterPath, SmtpReply> rejected = byContent();
        if (failsForAll.isPresent()) {
            return MilterVerdict.reply(failsForAll.get());
        }
        Optional<SmtpReply> deferral =
                rejected.values().stream().filter(reply -> !reply.isPermanent()).findFirst();
        if (deferral.isPresent()) {
            return MilterVerdict.reply(deferral.get());
        }
        List<MilterPath> recipients = message.recipients();
        if (!rejected.isEmpty() && rejected.keySet().containsAll(recipients)) {
            return MilterVerdict.reply(rejected.values().iterator().next());
        }
        MilterVerdict signed = sign(changes);
        if (signed != MilterVerdict.CONTINUE) {
            return signed;
        }
        // Such a message is a bounce: its sender is null, so there is no one to report to.
        rejected.keySet().forEach(changes::deleteRecipient);
        originals.forEach((recipient, original) -> {
            if (!rejected.containsKey(recipient) && recipients.contains(recipient)) {
                changes.replaceRecipient(recipient, original);
            }
        });
        headers(changes);
        accepted(recipients);
        return MilterVerdict.CONTINUE;
    }

    @Override
    public void ended() {
        if (transaction != null) {
            filter.policy.ended(transaction);
        }
    }

    // The relay's client is known only now. A message has one reply, and a recipient alone is never dropped: this mail
    // may be no bounce.
    private Optional<SmtpReply> decideOnRelayed() {
        decided = true;
        Optional<ReceivedField> field = filter.relays.clientOf(message.client(), received);
        if (field.isEmpty()) {
            relayNote = " (relayed, client unknown)";
            return Optional.empty();
        }
        String client = field.get().client().getHostAddress();
        relayNote = " (relayed, client " + client + " by Received)";
        ReceivedMessage content = content();
        List<SmtpReply> replies = new ArrayList<>();
        List<MilterPath> recipients = message.recipients();
        Transaction before = Transaction.of(
                        field.get().client(),
                        field.get().helo(),
                        message.sender().address())
                .ofMessage(id);
        for (MilterPath recipient : recipients) {
            Transaction checked = before.to(recipient.address());
            Decision decision = filter.policy.decide(checked);
            headers = headers.isEmpty() ? decision.headers() : headers;
            (decision.awaitsContent() ? filter.policy.decide(checked, content) : decision)
                    .smtpReply()
                    .ifPresent(replies::add);
        }
        filter.policy.ended(before);
        boolean all = !replies.isEmpty() && replies.size() == recipients.size();
        return filter.relays.reject() && all ? Optional.of(replies.get(0)) : Optional.empty();
    }

    private Map<MilterPath, SmtpReply> byContent() {
        Map<MilterPath, SmtpReply> rejected = new LinkedHashMap<>();
        if (!pending.isEmpty()) {
            ReceivedMessage content = content();
            pending.forEach((recipient, checked) -> {
                Decision decision = filter.policy.decide(checked, content);
                decision.smtpReply().ifPresent(reply -> rejected.put(recipient, reply));
                if (decision.smtpReply().isEmpty()) {
                    found.addAll(decision.headers());
                } else if (!isAboutBounces(decision)) {
                    failsForAll = decision.smtpReply();
                }
            });
        }
        return rejected;
    }

    // The sender of other mail gets a rejection, so no recipient is dropped in silence.
    private static boolean isAboutBounces(Decision decision) {
        return decision.steps().stream()
                .noneMatch(report -> report.step() == Step.SPF
                        && report.mode() == StepMode.ENFORCE
                        && report.result().smtpReply().isPresent());
    }

    private ReceivedMessage content() {
        byte[] bytes = message.content();
        ReceivedMessage content = message.isContentComplete() && excerpt != null
                ? ReceivedMessage.beginning(bytes, MessageContent.of(excerpt))
                : message.isContentComplete() ? ReceivedMessage.beginning(bytes) : ReceivedMessage.whole(bytes);
        return content.with(new DkimResults(author, dkimPasses));
    }

    private static boolean isDecisionField(String header) {
        return header.startsWith(PolicyMilter.DECISION_HEADER + ":");
    }

    private MilterVerdict sign(MilterChanges changes) {
        Optional<MailAddress> sender = MailAddress.split(message.sender().address());
        List<String> leaving = leaving();
        if (!own || sender.isEmpty() || leaving.isEmpty()) {
            return MilterVerdict.CONTINUE;
        }
        List<MailAddress> addresses = message.recipients().stream()
                .map(recipient -> MailAddress.split(recipient.address()))
                .flatMap(Optional::stream)
                .collect(Collectors.toList());
        SenderSigner.Result result = filter.signer.sign(sender.get(), addresses);
        if (result instanceof SenderSigner.Unavailable) {
            return MilterVerdict.reply(CANNOT_SIGN);
        }
        String leaves = message.sender().address();
        if (result instanceof SenderSigner.Signed signed) {
            changes.changeSender(signed.address());
            leaves = message.allows(MilterAction.CHANGE_SENDER) ? signed.address() : leaves;
        }
        // After the sender is signed: the DKIM2 signature contains the sender as it leaves.
        if (isSigned()) {
            signedFields = filter.messageSigner.sign(message.content(), hasher(), leaves, leaving);
        }
        return MilterVerdict.CONTINUE;
    }

    private void headers(MilterChanges changes) {
        forged.forEach(field -> changes.deleteHeader(field.name(), field.index()));
        signedFields.forEach(field -> changes.prependHeader(field.name(), field.value()));
        if (!decided) {
            return;
        }
        Stream.concat(headers.stream(), found.stream())
                .filter(header -> !isDecisionField(header))
                .distinct()
                .forEach(header -> changes.prependHeader(header.substring(0, header.indexOf(':')), value(header)));
        // One field: the last decision, which the end of the message may have made again.
        String last = Stream.concat(found.stream(), headers.stream())
                .filter(PolicyMessage::isDecisionField)
                .findFirst()
                .map(PolicyMessage::value)
                .orElse(id);
        changes.prependHeader(PolicyMilter.DECISION_HEADER, last + relayNote);
    }

    private static String value(String header) {
        return header.substring(header.indexOf(':') + 1).strip();
    }

    private void accepted(List<MilterPath> recipients) {
        if (transaction != null && !recipients.isEmpty()) {
            // A message to several has no one recipient, and is not the bounce of one of our messages.
            filter.policy.accepted(
                    recipients.size() == 1 ? transaction.to(recipients.get(0).address()) : transaction);
        }
    }
}
