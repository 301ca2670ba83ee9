package org.senderauth.csv;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.csv.MprOutcome.InChannel;
import org.senderauth.csv.MprOutcome.ListedClient;
import org.senderauth.csv.MprOutcome.MalformedIdentity;
import org.senderauth.csv.MprOutcome.NoIdentity;
import org.senderauth.csv.MprOutcome.NoPolicy;
import org.senderauth.csv.MprOutcome.NotDemanded;
import org.senderauth.csv.MprOutcome.SignedReturnPath;
import org.senderauth.csv.MprOutcome.Undecided;
import org.senderauth.csv.MprOutcome.WrongChannel;
import org.senderauth.csv.ReturnPathVerifier.Verdict;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.APLRecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Type;

/**
 * One look at a mail policy, in the order of draft-otis-marid-mpr-00. A later step is only taken if no earlier one
 * accepts; a step without an answer refuses nothing, but leaves the result undecided if no other step accepts.
 */
final class MprCheck {

    private static final Name PREFIX = Name.fromConstantString(MprRecord.OWNER_PREFIX);

    private final LookupLog dns;
    private final MprQuery query;
    private final Collection<Name> forwarders;
    private final ReturnPathVerifier returnPaths;
    private @Nullable String missing;
    private boolean badSignature;

    MprCheck(LookupLog dns, MprQuery query, Collection<Name> forwarders, ReturnPathVerifier returnPaths) {
        this.dns = dns;
        this.query = query;
        this.forwarders = forwarders;
        this.returnPaths = returnPaths;
    }

    CompletableFuture<MprOutcome> find() {
        if (query.domain() != null && MailDomain.parse(query.domain()).isEmpty()) {
            return completedFuture(new MalformedIdentity());
        }
        Name domain =
                Optional.ofNullable(query.domain()).flatMap(DomainNames::parse).orElse(null);
        if (domain == null) {
            return completedFuture(new NoIdentity());
        }
        Name owner = owner(domain).orElse(null);
        return owner == null
                ? completedFuture(new NoPolicy(domain))
                : dns.ask(owner, Type.A).thenCompose(answer -> policy(domain, owner, answer));
    }

    private CompletableFuture<MprOutcome> policy(Name domain, Name owner, DnsAnswer answer) {
        if (answer instanceof Unavailable) {
            return completedFuture(new Undecided(DomainNames.text(owner)));
        }
        MprRecord policy = policy(answer).orElse(null);
        if (policy == null) {
            return completedFuture(new NoPolicy(domain));
        }
        if (!policy.demands(query.identity())) {
            return completedFuture(new NotDemanded(policy));
        }
        return channel(owner)
                .thenCompose(accepted -> accepted != null ? completedFuture(accepted) : signature(policy))
                .thenCompose(accepted -> accepted != null ? completedFuture(accepted) : clients(policy, domain))
                .thenApply(accepted -> {
                    if (accepted != null) {
                        return accepted;
                    }
                    return missing != null ? new Undecided(missing) : new WrongChannel(query.identity(), badSignature);
                });
    }

    // The draft is silent on several records; a demand that one of them makes is made.
    private static Optional<MprRecord> policy(DnsAnswer answer) {
        return answer instanceof Records records
                ? records.records().stream()
                        .filter(ARecord.class::isInstance)
                        .flatMap(record -> MprRecord.of(((ARecord) record).getAddress()).stream())
                        .reduce(MprRecord::and)
                : Optional.empty();
    }

    // Only a name that CSA has validated is worth comparing.
    private CompletableFuture<@Nullable MprOutcome> channel(Name owner) {
        Name helo = query.csa().domain().orElse(null);
        if (query.csa().verdict() != CsaVerdict.PASS || helo == null) {
            return completedFuture(null);
        }
        return dns.ask(owner, Type.PTR).thenApply(answer -> {
            note(owner, answer);
            return suffixes(answer).stream()
                    .filter(helo::subdomain)
                    .findFirst()
                    .map(InChannel::new)
                    .orElse(null);
        });
    }

    // The root as a suffix would make every host one of the domain's; that is no list.
    private static List<Name> suffixes(DnsAnswer answer) {
        return answer instanceof Records records
                ? records.records().stream()
                        .filter(PTRRecord.class::isInstance)
                        .map(record -> ((PTRRecord) record).getTarget())
                        .filter(suffix -> !suffix.equals(Name.root))
                        .toList()
                : List.of();
    }

    private CompletableFuture<@Nullable MprOutcome> signature(MprRecord policy) {
        if ((policy.require() & MprRecord.IGNORE_BATV) != 0 || query.mailFrom().isEmpty()) {
            return completedFuture(null);
        }
        return verify().exceptionally(failure -> Verdict.UNAVAILABLE).thenApply(verdict -> {
            if (verdict == Verdict.UNAVAILABLE) {
                missing = "the signature of the return path";
            }
            badSignature = verdict == Verdict.INVALID;
            return verdict == Verdict.VALID ? new SignedReturnPath() : null;
        });
    }

    private CompletableFuture<Verdict> verify() {
        try {
            return returnPaths
                    .verify(query.mailFrom())
                    .thenApply(verdict -> Objects.requireNonNull(verdict, "no verdict"));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<@Nullable MprOutcome> clients(MprRecord policy, Name domain) {
        List<Name> lists = new ArrayList<>(forwarders);
        if ((policy.send() & MprRecord.SEND_WHITE_LIST) != 0 && !lists.contains(domain)) {
            lists.add(domain);
        }
        InetAddress client = query.csa().query().client();
        return client == null ? completedFuture(null) : clients(lists, 0, IpAddresses.unmapped(client));
    }

    private CompletableFuture<@Nullable MprOutcome> clients(List<Name> lists, int next, InetAddress client) {
        if (next == lists.size()) {
            return completedFuture(null);
        }
        Name domain = lists.get(next);
        Name owner = owner(domain).orElse(null);
        if (owner == null) {
            return clients(lists, next + 1, client);
        }
        return dns.ask(owner, Type.APL).thenCompose(answer -> {
            note(owner, answer);
            return AddressPrefix.listed(prefixes(answer), client)
                    ? completedFuture(new ListedClient(domain))
                    : clients(lists, next + 1, client);
        });
    }

    private static List<AddressPrefix> prefixes(DnsAnswer answer) {
        return answer instanceof Records records
                ? records.records().stream()
                        .filter(APLRecord.class::isInstance)
                        .flatMap(record -> AddressPrefix.in((APLRecord) record).stream())
                        .toList()
                : List.of();
    }

    private void note(Name owner, DnsAnswer answer) {
        if (answer instanceof Unavailable) {
            missing = Objects.requireNonNullElse(missing, DomainNames.text(owner));
        }
    }

    static Optional<Name> owner(Name domain) {
        try {
            return Optional.of(Name.concatenate(PREFIX, domain));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }
}
