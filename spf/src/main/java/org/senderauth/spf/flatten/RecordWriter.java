package org.senderauth.spf.flatten;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.senderauth.spf.flatten.TreeStep.Tree;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.Qualifier;

/** Writes an evaluated record with the fewest networks, in one record or in chained ones. */
final class RecordWriter {

    private static final String VERSION = "v=spf1";
    private static final String PART_END = " -all";

    private final String domain;
    private final int maxBytes;

    RecordWriter(String domain, int maxBytes) {
        this.domain = domain;
        this.maxBytes = maxBytes;
    }

    /** Returns the records by name, the domain's own first. */
    Map<String, String> write(Tree tree) throws UnusableException {
        List<TreeStep> steps = simplified(tree);
        Map<String, String> parts = new LinkedHashMap<>();
        List<String> terms = new ArrayList<>();
        boolean fits = length(inline(steps), tree) <= maxBytes;
        for (TreeStep step : steps) {
            terms.addAll(fits ? inline(List.of(step)) : chained(step, parts));
        }
        if (length(terms, tree) > maxBytes) {
            throw UnusableException.permanent("the record needs " + length(terms, tree) + " bytes with "
                    + parts.size() + " chained records (limit " + maxBytes
                    + "); raise --max-octets, or keep an include");
        }
        Map<String, String> records = new LinkedHashMap<>();
        records.put(domain, text(terms, tree));
        records.putAll(parts);
        return records;
    }

    // Steps that all pass may change places; others keep their order, without networks that were decided before.
    private static List<TreeStep> simplified(Tree tree) {
        List<TreeStep> simple = new ArrayList<>();
        NetworkSet decided = NetworkSet.EMPTY;
        for (TreeStep step : ordered(tree)) {
            TreeStep last = simple.isEmpty() ? null : simple.get(simple.size() - 1);
            if (step.kept() != null) {
                simple.add(step);
                continue;
            }
            NetworkSet left = step.networks().minus(decided);
            if (left.isEmpty()) {
                continue;
            }
            decided = decided.plus(left);
            if (last != null && last.kept() == null && last.qualifier() == step.qualifier()) {
                simple.set(
                        simple.size() - 1,
                        networks(step.qualifier(), last.networks().plus(step.networks())));
            } else {
                NetworkSet whole = step.networks();
                boolean fewer = left.networks().size() < whole.networks().size();
                simple.add(networks(step.qualifier(), fewer ? left : whole));
            }
        }
        return simple;
    }

    private static List<TreeStep> ordered(Tree tree) {
        List<TreeStep> steps = tree.steps();
        if (steps.stream().anyMatch(step -> step.qualifier() != Qualifier.PASS)) {
            return steps;
        }
        List<TreeStep> ordered = new ArrayList<>();
        steps.stream().filter(step -> step.kept() == null).forEach(ordered::add);
        steps.stream().filter(step -> step.kept() != null).forEach(ordered::add);
        return ordered;
    }

    private static TreeStep networks(Qualifier qualifier, NetworkSet networks) {
        return new TreeStep(qualifier, networks, null, List.of());
    }

    private static List<String> inline(List<TreeStep> steps) {
        List<String> terms = new ArrayList<>();
        for (TreeStep step : steps) {
            String sign = sign(step.qualifier());
            if (step.kept() != null) {
                terms.add(sign + step.kept().term());
            } else {
                step.networks().networks().forEach(network -> terms.add(sign + term(network)));
            }
        }
        return terms;
    }

    // The networks in records of their own; only an include, which matches what passes there, keeps the qualifier.
    private List<String> chained(TreeStep step, Map<String, String> parts) {
        if (step.kept() != null) {
            return inline(List.of(step));
        }
        List<String> includes = new ArrayList<>();
        StringBuilder part = new StringBuilder(VERSION);
        for (IpNetwork network : step.networks().networks()) {
            String term = " " + term(network);
            if (part.length() + term.length() + PART_END.length() > maxBytes) {
                includes.add(add(part, step.qualifier(), parts));
                part = new StringBuilder(VERSION);
            }
            part.append(term);
        }
        includes.add(add(part, step.qualifier(), parts));
        List<String> inline = inline(List.of(step));
        return includes.size() == 1
                        && String.join(" ", inline).length() <= includes.get(0).length()
                ? removed(parts, inline)
                : includes;
    }

    private static List<String> removed(Map<String, String> parts, List<String> inline) {
        List<String> names = new ArrayList<>(parts.keySet());
        parts.remove(names.get(names.size() - 1));
        return inline;
    }

    private String add(StringBuilder part, Qualifier qualifier, Map<String, String> parts) {
        String name = "_spf" + (parts.size() + 1) + "." + domain;
        parts.put(name, part.append(PART_END).toString());
        return sign(qualifier) + "include:" + name;
    }

    private static int length(List<String> terms, Tree tree) {
        return text(terms, tree).length();
    }

    private static String text(List<String> terms, Tree tree) {
        StringBuilder text = new StringBuilder(VERSION);
        terms.forEach(term -> text.append(' ').append(term));
        text.append(' ')
                .append(tree.redirect() != null ? tree.redirect() : tree.end().sign() + "all");
        if (tree.explanation() != null) {
            text.append(' ').append(tree.explanation());
        }
        return text.toString();
    }

    private static String sign(Qualifier qualifier) {
        return qualifier == Qualifier.PASS ? "" : String.valueOf(qualifier.sign());
    }

    private static String term(IpNetwork network) {
        boolean host = network.prefix() == network.address().bitLength();
        return (network.address().isIp4() ? "ip4:" : "ip6:")
                + (host ? network.address().toString() : network.toString());
    }
}
