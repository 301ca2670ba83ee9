package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaResult;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.csv.DnsLookup;
import org.senderauth.csv.MprIdentity;
import org.senderauth.csv.MprQuery;
import org.senderauth.csv.MprResult;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options and output of {@code csv check} for mail policies (MPR). */
final class MprOptions {

    @Option(
            names = "--from",
            paramLabel = "ADDR",
            description = "Compare this MAIL FROM with the mail policy (MPR) of its domain; empty or <> for none.")
    @Nullable
    String mailFrom;

    @Option(
            names = "--author",
            paramLabel = "ADDR",
            description = "Compare this first address of the From header with the mail policy of its domain.")
    @Nullable
    String author;

    @Option(
            names = "--forwarder",
            paramLabel = "DOMAIN",
            description = "Trust the clients that this domain lists to forward any mail; may be repeated.")
    List<String> forwarders = List.of();

    /** The result of the policy of one domain. */
    record Found(MprIdentity identity, MprResult result) {

        String word() {
            return result.isFailure() ? "fail" : result.isTemporary() ? "temperror" : "accept";
        }
    }

    /** Rejects what is not an address, as a usage error. */
    void check(CommandLine command) {
        if (mailFrom != null) {
            Arguments.path(command, "--from", mailFrom);
        }
        if (author != null) {
            Arguments.path(command, "--author", author);
        }
    }

    boolean areAsked() {
        return mailFrom != null || author != null;
    }

    /** The policies of the domains that were named, in a session whose HELO name was checked. */
    List<Found> ask(CsvVerifier verifier, CsaResult session) {
        String reversePath = mailFrom == null ? "" : mailFrom;
        List<MprQuery> queries = new ArrayList<>();
        if (mailFrom != null) {
            queries.add(MprQuery.mailFrom(reversePath, session));
        }
        if (author != null) {
            queries.add(MprQuery.from(author, reversePath, session));
        }
        return queries.stream()
                .map(query ->
                        new Found(query.identity(), verifier.mailPolicy(query).join()))
                .toList();
    }

    /** The worse of what the session and the policies give. */
    static int status(int session, List<Found> policies) {
        if (session == ExitStatus.FAIL || policies.stream().anyMatch(found -> found.result.isFailure())) {
            return ExitStatus.FAIL;
        }
        return policies.stream().anyMatch(found -> found.result.isTemporary()) ? ExitStatus.TEMPFAIL : session;
    }

    static Stream<DnsLookup> lookups(List<Found> policies) {
        return policies.stream().flatMap(found -> found.result.lookups().stream());
    }

    static void json(ObjectNode object, List<Found> policies) {
        ArrayNode array = object.putArray("mailPolicies");
        for (Found found : policies) {
            ObjectNode policy = array.addObject()
                    .put("identity", found.identity.text())
                    .put("result", found.word())
                    .put("reason", found.result.reason());
            found.result.smtpReply().ifPresent(reply -> policy.put("reply", reply.toString()));
        }
    }

    static void print(PrintWriter out, List<Found> policies) {
        for (Found found : policies) {
            out.println("policy for " + found.identity.text() + ": " + found.word() + ": " + found.result.reason());
        }
    }

    static Optional<SmtpReply> reply(List<Found> policies) {
        return policies.stream()
                .map(found -> found.result.smtpReply().orElse(null))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
