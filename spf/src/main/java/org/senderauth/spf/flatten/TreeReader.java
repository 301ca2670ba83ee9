package org.senderauth.spf.flatten;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.flatten.AuthorizedNetworks.Entry;
import org.senderauth.spf.flatten.TreeStep.Kept;
import org.senderauth.spf.flatten.TreeStep.Tree;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Reads a record and all that it refers to, with the addresses of its hosts. */
final class TreeReader {

    private static final int MAX_DEPTH = 30;

    /** Ten times the limit of a receiver. Records that include each other twice could need any number. */
    private static final int MAX_LOOKUPS = SpfLimits.MAX_NUMBER;

    /** The largest published trees have some hundred networks. */
    private static final int MAX_NETWORKS = 10_000;

    private final RecordedDns dns;
    private final Set<Name> keep;
    private final boolean findsExisting;
    private final List<Name> path = new ArrayList<>();
    private int lookups;
    private int networks;

    private TreeReader(RecordedDns dns, Set<Name> keep, boolean findsExisting) {
        this.dns = dns;
        this.keep = keep;
        this.findsExisting = findsExisting;
    }

    /** Creates a reader for a list of networks: it looks up the names of {@code exists} that every client shares. */
    static TreeReader forList(RecordedDns dns) {
        return new TreeReader(dns, Set.of(), true);
    }

    /**
     * Creates a reader for new records, in which every {@code exists} is kept.
     *
     * @param keep the targets of includes that are kept as they are
     */
    static TreeReader forRecords(RecordedDns dns, Set<Name> keep) {
        return new TreeReader(dns, keep, false);
    }

    /** Returns the one SPF record of a name. */
    String published(Name name) throws UnusableException {
        List<String> records = new ArrayList<>();
        if (dns.answer(name, Type.TXT) instanceof DnsAnswer.Records answer) {
            for (Record record : answer.records()) {
                if (record instanceof TXTRecord txt) {
                    String text = new String(DnsAnswer.Records.text(txt), StandardCharsets.ISO_8859_1);
                    if (SpfParser.isSpf(text)) {
                        records.add(text);
                    }
                }
            }
        }
        if (records.size() != 1) {
            throw UnusableException.permanent(
                    DomainNames.text(name) + " has " + (records.isEmpty() ? "no" : records.size()) + " SPF record"
                            + (records.size() > 1 ? "s; exactly one is allowed" : "") + includedBy());
        }
        return records.get(0);
    }

    /** Reads a record at a name. */
    Tree read(Name name, String text) throws UnusableException {
        if (path.contains(name) || path.size() == MAX_DEPTH) {
            throw UnusableException.permanent(
                    (path.size() == MAX_DEPTH ? "too many nested includes: " : "include loop: ") + pathText() + " > "
                            + DomainNames.text(name));
        }
        if (text.length() > SpfLimits.MAX_RECORD_BYTES) {
            throw UnusableException.permanent("the record of " + DomainNames.text(name) + " has more than "
                    + SpfLimits.MAX_RECORD_BYTES + " bytes");
        }
        SpfParseResult parse = SpfParser.parse(text);
        if (!parse.problems().isEmpty()) {
            throw UnusableException.permanent("syntax error in the record of " + DomainNames.text(name) + ": "
                    + parse.problems().get(0).message() + includedBy());
        }
        path.add(name);
        Tree tree = steps(name, parse);
        path.remove(path.size() - 1);
        return tree;
    }

    private Tree steps(Name name, SpfParseResult parse) throws UnusableException {
        for (Term term : parse.terms()) {
            prepare(name, term);
        }
        List<TreeStep> steps = new ArrayList<>();
        Modifier.Redirect redirect = null;
        String explanation = null;
        Qualifier end = null;
        for (Term term : parse.terms()) {
            if (term instanceof Modifier.Redirect found) {
                redirect = found;
            } else if (term instanceof Modifier.Explanation found) {
                // One that cannot be moved is left out: it explains, and decides nothing.
                String target = moved(found.domain(), name);
                target = target == null && path.size() == 1 ? found.domain().text() : target;
                explanation = target == null ? null : "exp=" + target;
            } else if (term instanceof Mechanism.All all && end == null) {
                end = all.qualifier();
            } else if (term instanceof Mechanism mechanism && end == null) {
                if (mechanism.countsAsLookup()) {
                    countLookup();
                }
                steps.addAll(steps(name, parse, mechanism));
            }
        }
        if (end != null || redirect == null) {
            return new Tree(steps, end == null ? Qualifier.NEUTRAL : end, null, explanation);
        }
        countLookup();
        return redirected(name, steps, redirect.domain(), explanation);
    }

    private void countLookup() throws UnusableException {
        if (++lookups > MAX_LOOKUPS) {
            throw UnusableException.permanent(
                    "the record needs more than " + MAX_LOOKUPS + " DNS lookups (limit 10)" + includedBy());
        }
    }

    private Tree redirected(Name name, List<TreeStep> steps, DomainSpec domain, @Nullable String explanation)
            throws UnusableException {
        Optional<String> fixed = fixed(domain, name);
        if (fixed.isPresent()) {
            Name target = name(fixed.get());
            Tree tree = read(target, published(target));
            if (tree.steps().stream().allMatch(TreeStep::isMovable)) {
                List<TreeStep> all = new ArrayList<>(steps);
                all.addAll(tree.steps());
                return new Tree(all, tree.end(), tree.redirect(), tree.explanation());
            }
            return new Tree(steps, Qualifier.NEUTRAL, "redirect=" + DomainNames.text(target), explanation);
        }
        String moved = moved(domain, name);
        if (moved == null && path.size() > 1) {
            throw UnusableException.permanent(
                    "the redirect \"" + domain.text() + "\" of " + DomainNames.text(name) + " cannot be moved");
        }
        return new Tree(steps, Qualifier.NEUTRAL, "redirect=" + (moved == null ? domain.text() : moved), explanation);
    }

    private List<TreeStep> steps(Name name, SpfParseResult parse, Mechanism term) throws UnusableException {
        Qualifier qualifier = term.qualifier();
        if (term instanceof Mechanism.Ip4 ip4) {
            return List.of(addresses(parse, term, NetworkSet.of(List.of(ip4.network()))));
        }
        if (term instanceof Mechanism.Ip6 ip6) {
            return List.of(addresses(parse, term, NetworkSet.of(List.of(ip6.network()))));
        }
        Optional<String> target = term.domain() == null
                ? Optional.of(DomainNames.text(name))
                : fixed(Objects.requireNonNull(term.domain()), name);
        if (target.isEmpty() || term instanceof Mechanism.Ptr) {
            return List.of(kept(name, parse, term, NetworkSet.EMPTY, true));
        }
        if (term instanceof Mechanism.Exists) {
            NetworkSet matching = findsExisting ? existing(target.get()) : NetworkSet.EMPTY;
            return List.of(kept(name, parse, term, matching, !findsExisting));
        }
        if (term instanceof Mechanism.Include) {
            return included(name(target.get()), qualifier);
        }
        Optional<Name> host = DomainNames.parse(target.get());
        NetworkSet found = host.isEmpty()
                ? NetworkSet.EMPTY
                : term instanceof Mechanism.A a
                        ? hosts(List.of(host.get()), a.ip4Prefix(), a.ip6Prefix())
                        : exchangers(host.get(), (Mechanism.Mx) term);
        return List.of(addresses(parse, term, found));
    }

    private List<TreeStep> included(Name target, Qualifier qualifier) throws UnusableException {
        Tree tree = read(target, published(target));
        String text = "include:" + DomainNames.text(target);
        if (keep.contains(target)) {
            return List.of(keptInclude(tree, qualifier, text));
        }
        if (tree.isStatic()) {
            List<Entry> leaves = tree.steps().stream()
                    .filter(step -> step.qualifier() == Qualifier.PASS)
                    .flatMap(step -> step.leaves().stream())
                    .toList();
            // Its networks are not authorized: the list shows the include with its sign.
            List<Entry> shown = qualifier == Qualifier.PASS
                    ? leaves
                    : List.of(new Entry(pathTexts(), qualifier.sign() + text, tree.passing()));
            return List.of(new TreeStep(qualifier, tree.passing(), null, shown));
        }
        boolean lifts = tree.onlyPasses() && tree.steps().stream().allMatch(TreeStep::isMovable);
        return lifts
                ? tree.steps().stream().map(step -> step.with(qualifier)).toList()
                : List.of(keptInclude(tree, qualifier, text));
    }

    private TreeStep keptInclude(Tree tree, Qualifier qualifier, String text) {
        NetworkSet passing = tree.passing();
        return new TreeStep(
                qualifier, passing, new Kept(text, true, true), List.of(new Entry(pathTexts(), text, passing)));
    }

    private TreeStep addresses(SpfParseResult parse, Mechanism term, NetworkSet found) throws UnusableException {
        networks += found.networks().size();
        if (networks > MAX_NETWORKS) {
            throw UnusableException.permanent("the record has more than " + MAX_NETWORKS + " networks" + includedBy());
        }
        String text = term.span().of(parse.text());
        return new TreeStep(term.qualifier(), found, null, List.of(new Entry(pathTexts(), text, found)));
    }

    // The term, rewritten so that it means the same in the record of the root.
    private TreeStep kept(Name name, SpfParseResult parse, Mechanism term, NetworkSet matching, boolean dynamic) {
        String written = term.span().of(parse.text());
        String bare = written.replaceFirst("^[+?~-]", "");
        DomainSpec domain = term.domain();
        String moved = domain == null ? bare + ":" + DomainNames.text(name) : null;
        if (domain != null) {
            String target = moved(domain, name);
            moved = target == null ? null : bare.replace(domain.text(), target);
        }
        boolean root = path.size() == 1;
        Kept kept = new Kept(root || moved == null ? bare : moved, moved != null || root, dynamic);
        return new TreeStep(term.qualifier(), matching, kept, List.of(new Entry(pathTexts(), written, matching)));
    }

    // exists matches every client or none.
    private NetworkSet existing(String target) throws UnusableException {
        Optional<Name> name = DomainNames.parse(target);
        return name.isPresent() && dns.answer(name.get(), Type.A) instanceof DnsAnswer.Records
                ? NetworkSet.ALL
                : NetworkSet.EMPTY;
    }

    private NetworkSet exchangers(Name name, Mechanism.Mx term) throws UnusableException {
        List<Name> hosts = new ArrayList<>();
        if (dns.answer(name, Type.MX) instanceof DnsAnswer.Records answer) {
            for (Record record : answer.records()) {
                if (record instanceof MXRecord mx && !mx.getTarget().equals(Name.root)) {
                    hosts.add(mx.getTarget());
                }
            }
        }
        return hosts(hosts, term.ip4Prefix(), term.ip6Prefix());
    }

    private NetworkSet hosts(List<Name> hosts, int ip4Prefix, int ip6Prefix) throws UnusableException {
        for (Name host : hosts) {
            dns.prepare(host, Type.A);
            dns.prepare(host, Type.AAAA);
        }
        List<IpNetwork> networks = new ArrayList<>();
        for (Name host : hosts) {
            for (int type : new int[] {Type.A, Type.AAAA}) {
                if (dns.answer(host, type) instanceof DnsAnswer.Records answer) {
                    for (Record record : answer.records()) {
                        add(networks, record, ip4Prefix, ip6Prefix);
                    }
                }
            }
        }
        return NetworkSet.of(networks);
    }

    // An IPv4-mapped AAAA record matches no client: such a client is checked as an IPv4 client.
    private static void add(List<IpNetwork> networks, Record record, int ip4Prefix, int ip6Prefix) {
        if (record instanceof ARecord a) {
            networks.add(new IpNetwork(IpAddress.of(a.getAddress()), ip4Prefix));
        } else if (record instanceof AAAARecord aaaa) {
            IpAddress address = IpAddress.of(aaaa.getAddress());
            if (!address.isIp4()) {
                networks.add(new IpNetwork(address, ip6Prefix));
            }
        }
    }

    // Sends the queries of all terms of a record together.
    private void prepare(Name name, Term term) {
        // Whether a name exists is left to each check, and a redirect is followed only if no "all" precedes it.
        if (!(term instanceof Mechanism mechanism) || mechanism instanceof Mechanism.Exists) {
            return;
        }
        DomainSpec domain = mechanism.domain();
        Optional<Name> target =
                domain == null ? Optional.of(name) : fixed(domain, name).flatMap(DomainNames::parse);
        target.ifPresent(host -> mechanism.query().targetTypes().forEach(type -> dns.prepare(host, type)));
    }

    private Name name(String text) throws UnusableException {
        Optional<Name> name = DomainNames.parse(text);
        if (name.isEmpty() || text.indexOf('.') < 0) {
            throw UnusableException.permanent("\"" + text + "\" is not a valid domain name" + includedBy());
        }
        return name.get();
    }

    private static Optional<String> fixed(DomainSpec domain, Name current) {
        return domain.textIn(DomainNames.text(current));
    }

    private static @Nullable String moved(DomainSpec domain, Name current) {
        return TargetText.moved(domain, current);
    }

    private List<String> pathTexts() {
        return path.stream().map(DomainNames::text).toList();
    }

    private String pathText() {
        return String.join(" > ", pathTexts());
    }

    private String includedBy() {
        return path.isEmpty() ? "" : " (" + pathText() + ")";
    }
}
