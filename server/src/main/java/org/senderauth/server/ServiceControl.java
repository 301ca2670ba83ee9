package org.senderauth.server;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.senderauth.batv.BatvKeys;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.callout.state.CalloutStateAdmin.Listing;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.core.KeyStatus;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SafeText;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dns.IpAddresses;
import org.senderauth.server.control.ControlException;
import org.senderauth.server.control.ControlProtocol;
import org.senderauth.server.control.HistoryRequests;
import org.senderauth.server.history.JsonText;
import org.senderauth.ses.SesKey;

/**
 * Answers the requests of the control socket: {@code state} with a topic, {@code forget} with an address, a domain or an IP
 * address, and those about the history.
 *
 * @param history answers those
 * @param memory what the service remembers
 * @param config the configuration that is in use
 * @param zone serves the zones
 */
record ServiceControl(HistoryRequests history, PersistentState memory, Supplier<ServeConfig> config, ZoneServer zone)
        implements ControlProtocol.Handler {

    /** The maximum number of entries of one table that are listed. */
    private static final int MAX_LISTED = 10_000;

    @Override
    public void answer(Map<String, String> request, ControlProtocol.Lines out) throws IOException {
        switch (request.getOrDefault("command", "")) {
            case "state" -> {
                for (String line : state(request.getOrDefault("topic", ""))) {
                    out.add(line);
                }
            }
            case "forget" -> out.add(forget(request.getOrDefault("what", "")));
            default -> history.answer(request, out);
        }
    }

    private List<String> state(String topic) throws ControlException {
        return switch (topic) {
            case "callouts" -> callouts(Listing.CALLOUTS);
            case "breakers" -> callouts(Listing.BREAKERS);
            case "limits" -> callouts(Listing.LIMITS);
            case "keys" -> keys();
            case "zone" -> zones();
            default -> throw new ControlException("state must be callouts, breakers, limits, keys or zone");
        };
    }

    private List<String> callouts(Listing listing) throws ControlException {
        CalloutStateAdmin.Contents contents;
        try {
            contents = memory.calloutAdmin().entries(listing, MAX_LISTED, memory.clock());
        } catch (IOException e) {
            throw ControlException.temporary(ErrorText.of(e));
        }
        List<String> rows = new ArrayList<>(contents.entries().stream()
                .sorted(Comparator.comparing(StateEntry::kind).thenComparing(StateEntry::name))
                .map(entry -> row(entry.kind(), entry.name(), entry.state(), entry.until(), entry.detail()))
                .toList());
        if (!contents.complete()) {
            rows.add(row("more", "", "not listed", Optional.empty(), "there are too many entries to list all"));
        }
        return rows;
    }

    private static String row(String kind, String name, String state, Optional<Instant> until, String detail) {
        return JsonText.object(json -> {
            json.writeStringField("kind", kind);
            json.writeStringField("name", SafeText.of(name));
            json.writeStringField("state", SafeText.of(state));
            json.writeStringField("until", until.map(Instant::toString).orElse(""));
            json.writeStringField("detail", SafeText.of(detail));
        });
    }

    private List<String> keys() {
        ServeConfig now = config.get();
        List<String> rows = new ArrayList<>();
        ServeConfig.BatvSettings batv = now.batv();
        if (batv != null) {
            for (String domain : now.domains()) {
                if (batv.keys().forDomain(domain) instanceof BatvKeys.Found found) {
                    keys(rows, "batv", domain, found.keyring().status(), Duration.ofDays(batv.lifetimeDays() + 1L));
                }
            }
        }
        ServeConfig.SesSettings ses = now.ses();
        if (ses != null) {
            ses.keyring().domains().stream()
                    .sorted()
                    .forEach(domain -> keys(rows, "ses", domain, ses.keyring().status(domain), SesKey.QUEUE_TIME));
        }
        SrsSettings srs = now.srs();
        if (srs != null) {
            String domains = String.join(",", srs.domains());
            keys(rows, "srs", domains, srs.keyring().status(), Duration.ofDays(srs.lifetimeDays() + 1L));
        }
        Dkim2Settings dkim2 = now.dkim2();
        if (dkim2 != null) {
            for (Dkim2Signer signer : dkim2.signers()) {
                rows.add(row("dkim2", signer.domain(), "signs", Optional.empty(), ""));
            }
            rows.add(row("dkim2", "own-keys", dkim2.ownKeys().size() + " public keys", Optional.empty(), ""));
        }
        return rows;
    }

    private void keys(List<String> rows, String kind, String name, List<KeyStatus> keys, Duration lifetime) {
        Instant now = memory.clock().instant();
        for (KeyStatus key : keys) {
            boolean over = key.until().filter(until -> !now.isBefore(until)).isPresent();
            String detail;
            if (key.signs()) {
                detail = "";
            } else if (over) {
                detail = "may be removed now";
            } else if (key.until().isPresent()) {
                detail = "may be removed then";
            } else {
                detail = "may be removed " + lifetime.toDays() + " days after it signed last; no date is set";
            }
            String state = key.signs() ? "signs" : over ? "expired" : "verifies";
            rows.add(row(kind, name + " key " + key.name(), state, key.until(), detail));
        }
    }

    private List<String> zones() {
        ServeConfig now = config.get();
        List<String> rows = new ArrayList<>();
        if (!now.listen().servesZones()) {
            return rows;
        }
        String trouble = zone.trouble().orElse("");
        String state = trouble.isEmpty() ? "served" : "not served";
        String end =
                (now.signingKey() == null ? "" : ", signed by PowerDNS") + (trouble.isEmpty() ? "" : "; " + trouble);
        ServeConfig.SesSettings ses = now.ses();
        if (ses != null && !ses.nameServers().isEmpty()) {
            String detail = "SES, name servers " + String.join(", ", ses.nameServers()) + end;
            ses.keyring().domains().stream()
                    .sorted()
                    .forEach(domain -> rows.add(row("zone", domain, state, Optional.empty(), detail)));
        }
        ServeConfig.SpfZoneSettings spf = now.spfZone();
        if (spf != null) {
            spf.records().keySet().stream()
                    .sorted()
                    .forEach(domain -> rows.add(row("zone", domain, state, Optional.empty(), "SPF record" + end)));
        }
        zone.listeners().forEach(listener -> rows.add(row("listener", listener.name(), "", Optional.empty(), "")));
        return rows;
    }

    private String forget(String what) throws ControlException {
        CalloutStateAdmin callouts = memory.calloutAdmin();
        Optional<InetAddress> host = IpAddresses.parse(what);
        Optional<MailAddress> address = MailAddress.parse(what);
        Optional<String> domain = ConfigValues.domain(what);
        int count;
        String note = "";
        try {
            if (host.isPresent()) {
                count = callouts.forgetHost(host.get());
            } else if (address.isPresent()) {
                count = callouts.forget(address.get());
            } else if (domain.isPresent()) {
                count = callouts.forgetDomain(domain.get());
                note = memory.isShared() ? "addresses that only other hosts know are evicted too, but not counted" : "";
            } else {
                throw new ControlException(
                        "forget requires an email address, a domain or the IP address of a mail server");
            }
        } catch (ControlException e) {
            throw e;
        } catch (IOException e) {
            throw ControlException.temporary(ErrorText.of(e));
        }
        String more = note;
        return JsonText.object(json -> {
            json.writeStringField("evicted", Integer.toString(count));
            json.writeStringField("note", more);
        });
    }
}
