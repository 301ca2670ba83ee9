package org.senderauth.server;

/**
 * The metrics of the service: each has a name and a help text. The names are those of Micrometer; Prometheus sees them
 * with the prefix {@code senderauth_}, underscores and the suffix of their kind.
 */
enum Metric {
    POLICY_DECISIONS("policy.decisions", "Decisions by action: continue, defer, reject or exempt"),
    POLICY_WITHHELD("policy.withheld", "Replies that steps which only monitor withheld, by action"),
    POLICY_DECISION_DURATION("policy.decision.duration", "Time of one decision"),
    CHECKS("checks", "Checks by their result and by what it means for the mail"),
    CHECK_DURATION("check.duration", "Time of one check"),
    CHECK_ERRORS("check.errors", "Checks that failed with an internal error; a temporary failure for the mail"),
    DNS_QUERIES("dns.queries", "Queries to name servers by result; responses from the cache do not count"),
    DNS_QUERY_DURATION("dns.query.duration", "Time of one query to name servers"),
    SOCKETMAP_LOOKUPS("socketmap.lookups", "Socketmap lookups by map and result"),
    SES_SIGNATURES("ses.signatures", "SES signatures by result"),
    SES_VERIFICATIONS("ses.verifications", "SES verifications by purpose and result"),
    SPF_ZONE_RECORDS("spf.zone.records", "Served SPF records by state: current, stale or unavailable"),
    SPF_ZONE_AGE("spf.zone.age.seconds", "Age of the networks of the oldest served SPF record"),
    SPF_ZONE_REFRESHES("spf.zone.refreshes", "Attempts to read a served SPF record again by result"),
    SERVER_CONNECTIONS("server.connections", "Open connections of mail servers"),
    SERVER_CONNECTIONS_CLOSED("server.connections.closed", "Closed connections of mail servers by reason"),
    SERVER_CONNECTION_LIMIT_HITS("server.connection.limit.hits", "Times that the connection limit was reached"),
    SERVER_REQUEST_DURATION("server.request.duration", "Time from the end of a request to the end of its reply"),
    SERVER_FAILURES("server.failures", "Connections or requests that failed with an internal error"),
    CALLOUT_REQUESTS("callout.requests", "Verification requests by verdict, reason and source"),
    CALLOUT_RESPONSE_DURATION("callout.response.duration", "Time that a verification request waited for its verdict"),
    CALLOUT_PROBE_DURATION("callout.probe.duration", "Time of one probe by the SMTP stage that it reached"),
    CALLOUT_PROBES_IN_FLIGHT("callout.probes.in.flight", "Probes that run now"),
    CALLOUT_CONNECTIONS("callout.connections", "Connections to MX hosts by result"),
    CALLOUT_TLS("callout.tls", "TLS handshakes with MX hosts by result"),
    CALLOUT_RCPTS("callout.rcpts", "RCPT commands sent to MX hosts by kind of address"),
    CALLOUT_PROTOCOL_VIOLATIONS("callout.protocol.violations", "Probes of MX hosts that violated SMTP"),
    CALLOUT_RATE_LIMITED("callout.rate.limited", "Verification requests without a probe by rate limit"),
    CALLOUT_BACKOFF_SKIPS("callout.backoff.skips", "MX hosts skipped after an earlier failure by reason"),
    CALLOUT_COALESCED("callout.coalesced", "Verification requests that shared the probe of another one"),
    CALLOUT_CIRCUIT_BREAKERS_OPEN("callout.circuit.breakers.open", "Open circuit breakers by scope"),
    CALLOUT_CACHE_ENTRIES("callout.cache.entries", "Entries of this host's callout cache by level"),
    CALLOUT_CACHE_EVICTIONS("callout.cache.evictions", "Entries evicted from this host's callout cache"),
    CALLOUT_RCPTS_PER_REQUEST("callout.rcpts.per.request.ratio", "RCPT commands sent per verification request"),
    REDIS_UP("redis.up", "1 if Redis responds and accepts writes, else 0"),
    REDIS_OUTAGES("redis.outages", "Times that Redis became unavailable"),
    REDIS_FALLBACKS("redis.fallbacks", "Operations done without Redis"),
    REDIS_ADMISSION_DURATION(
            "redis.admission.duration", "Time that mail waits for the admission of a callout by Redis"),
    MILTER_FAILURES("milter.failures", "Milter decisions that failed with an internal error; answered 4xx"),
    MILTER_PROTOCOL_VIOLATIONS(
            "milter.protocol.violations", "Packets of mail servers that violated the milter protocol"),
    MILTER_CHANGES_LEFT_OUT("milter.changes.left.out", "Changes of messages that the mail server does not allow"),
    CONFIG_RELOADS("config.reloads", "Reloads of the configuration by result: success or failure"),
    HISTORY_DECISIONS_DROPPED(
            "history.decisions.dropped",
            "Decisions that the history did not keep, because its disk failed or was too slow"),
    LOG_LINES_DROPPED("log.lines.dropped", "Log lines dropped because standard output was not read");

    private static final String PREFIX = "senderauth.";

    private final String id;
    private final String help;

    Metric(String name, String help) {
        this.id = PREFIX + name;
        this.help = help;
    }

    /** {@return the name for Micrometer} */
    String id() {
        return id;
    }

    /** {@return the help text, one sentence without a full stop} */
    String help() {
        return help;
    }
}
