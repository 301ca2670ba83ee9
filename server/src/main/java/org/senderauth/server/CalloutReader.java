package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.probe.FallbackSender;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;

/**
 * Reads the settings of the step {@code callout}.
 *
 * @param folder the directory of the configuration file
 * @param deadline the deadline of a decision
 */
record CalloutReader(Path folder, Duration deadline) {

    private static final String IP = "an IP address such as 192.0.2.1";

    private static final Pattern REPLY = Pattern.compile("([45]\\d\\d) ([45]\\.\\d{1,3}\\.\\d{1,3}) (\\S.*)");

    // Shorter than the lease of an address, after which another host may probe it.
    private static final int MAX_PROBE_SECONDS = 80;

    CalloutSettings read(ConfigSection section) {
        Path stateFile = path(section, "state-file");
        if (stateFile != null && stateFile.getFileName() == null) {
            section.problem("state-file", "state-file: must be a file, was \"" + stateFile + "\"");
        } else if (stateFile != null && !ConfigValues.isInDirectory(stateFile)) {
            section.problem("state-file", "directory " + stateFile.getParent() + " does not exist; create it");
        }
        return new CalloutSettings(
                probe(section),
                replies(section),
                limits(section.section("limits"), responseTimeout(section)),
                new ArrayList<>(section.values("high-volume-domains", DOMAIN, ConfigValues::domain)),
                section.flag("probe-address-literals", false),
                section.values("block-lists", "the domain name of a list", ConfigValues::blockList),
                stateFile);
    }

    private Duration responseTimeout(ConfigSection section) {
        String key = "response-timeout-seconds";
        // Before the deadline, so that a slow probe is reported as in progress.
        int absent = (int)
                Math.max(1, Math.min(CalloutLimits.DEFAULT.responseTimeout().toSeconds(), deadline.toSeconds() - 1));
        int seconds = section.number(key, absent, 1, MAX_PROBE_SECONDS);
        if (section.has(key) && seconds > deadline.toSeconds()) {
            section.problem(
                    key, key + " (" + seconds + ") must not exceed deadline-seconds (" + deadline.toSeconds() + ")");
        }
        return Duration.ofSeconds(seconds);
    }

    private CalloutSettings.Probe probe(ConfigSection section) {
        return new CalloutSettings.Probe(
                section.number("port", ProbeSettings.SMTP_PORT, 1, 65535),
                section.flag("allow-private-addresses", false),
                section.choice("method", ProbeSettings.Method.RCPT, ProbeSettings.Method.class),
                section.choice("tls", ProbeSettings.Tls.WHEN_DEMANDED, ProbeSettings.Tls.class),
                section.optional("source-address", IP, CalloutReader::address),
                Set.copyOf(section.values("own-addresses", IP, IpAddresses::parse)),
                timeouts(section.section("timeouts")),
                section.flag("random-check", true),
                new CalloutSettings.Keys(
                        key(section, "random-key-file"), fallbackSender(section, section.section("fallback-sender"))));
    }

    private static Optional<InetAddress> address(String text) {
        return IpAddresses.parse(text);
    }

    private static ProbeTimeouts timeouts(ConfigSection section) {
        ProbeTimeouts defaults = ProbeTimeouts.DEFAULT;
        Duration total = seconds(section, "total-seconds", defaults.whole());
        ProbeTimeouts timeouts = new ProbeTimeouts(
                seconds(section, "connect-seconds", defaults.connect()),
                seconds(section, "banner-seconds", defaults.greeting()),
                seconds(section, "ehlo-seconds", defaults.hello()),
                seconds(section, "tls-seconds", defaults.tls()),
                seconds(section, "mail-seconds", defaults.mail()),
                seconds(section, "rcpt-seconds", defaults.rcpt()),
                seconds(section, "quit-seconds", defaults.quit()),
                total);
        section.end();
        return timeouts;
    }

    private static Duration seconds(ConfigSection section, String key, Duration absent) {
        return Duration.ofSeconds(section.number(key, (int) absent.toSeconds(), 1, MAX_PROBE_SECONDS));
    }

    private @Nullable FallbackSender fallbackSender(ConfigSection parent, ConfigSection section) {
        String domain = section.optional("domain", DOMAIN, ConfigValues::domain);
        SecretKey key = key(section, "key-file");
        section.end();
        if (parent.has("fallback-sender") && !(section.has("domain") && section.has("key-file"))) {
            parent.problem("fallback-sender", "fallback-sender requires \"domain\" and \"key-file\"");
        }
        return domain == null || key == null ? null : FallbackSender.at(domain, key);
    }

    private @Nullable SecretKey key(ConfigSection section, String setting) {
        Path file = path(section, setting);
        if (file == null) {
            return null;
        }
        try {
            return SecretKeys.of(SecretFiles.readKey(file));
        } catch (IOException | IllegalArgumentException e) {
            section.problem(setting, ErrorText.of(e));
            return null;
        }
    }

    private @Nullable Path path(ConfigSection section, String setting) {
        return section.optional(setting, FILE, text -> ConfigValues.path(folder, text));
    }

    private static CalloutLimits limits(ConfigSection section, Duration responseTimeout) {
        CalloutLimits defaults = CalloutLimits.DEFAULT;
        Duration refresh = Duration.ofHours(section.number(
                "positive-refresh-hours", (int) defaults.positiveRefreshTime().toHours(), 1, 8784));
        Duration expire = Duration.ofHours(section.number(
                "positive-expire-hours", (int) defaults.positiveExpireTime().toHours(), 1, 8784));
        if (expire.compareTo(refresh) < 0) {
            section.problem(
                    section.has("positive-expire-hours") ? "positive-expire-hours" : "positive-refresh-hours",
                    "positive-expire-hours (" + expire.toHours() + ") must not be below positive-refresh-hours ("
                            + refresh.toHours() + ")");
            expire = refresh;
        }
        CalloutLimits limits = CalloutLimits.builder()
                .responseTimeout(responseTimeout)
                .domainRate(rate(section, "domain-rate", defaults.domainRate()))
                .hostRate(rate(section, "host-rate", defaults.hostRate()))
                .overall(rate(section, "global-rate", defaults.overall()))
                .probesPerDomain(section.number("probes-per-domain", defaults.probesPerDomain(), 1, 1000))
                .probesPerHost(section.number("probes-per-host", defaults.probesPerHost(), 1, 1000))
                .maxConcurrentProbes(
                        section.number("max-concurrent-probes", defaults.maxConcurrentProbes(), 1, 100_000))
                .forgeryThreshold(section.number("attack-threshold", defaults.forgeryThreshold(), 1, 1_000_000))
                .clientFailureLimit(section.number("client-failure-limit", defaults.clientFailureLimit(), 1, 1_000_000))
                .positiveRefreshTime(refresh)
                .positiveExpireTime(expire)
                .cacheSize(section.number("cache-size", defaults.cacheSize(), 100, 100_000_000))
                .build();
        section.end();
        return limits;
    }

    private static Rate rate(ConfigSection parent, String name, Rate absent) {
        ConfigSection section = parent.section(name);
        int interval = section.number("interval-ms", (int) absent.interval().toMillis(), 1, 86_400_000);
        int burst = section.number("burst", absent.burst(), 2, 1_000_000);
        section.end();
        return new Rate(Duration.ofMillis(interval), burst);
    }

    private static CalloutSettings.Replies replies(ConfigSection section) {
        return new CalloutSettings.Replies(
                rejectsTemporarily(section),
                section.flag("expose-reply-text", false),
                Duration.ofHours(section.number("max-deferral-hours", 24, 0, 240)),
                changedReplies(section.section("replies")));
    }

    // As Postfix's unverified_sender_reject_code: 450 for the first weeks.
    static boolean rejectsTemporarily(ConfigSection section) {
        return section.value("reject-code", false, "550 or 450", text -> switch (text) {
            case "550" -> Optional.of(false);
            case "450" -> Optional.of(true);
            default -> Optional.empty();
        });
    }

    private static Map<CalloutReason, Optional<SmtpReply>> changedReplies(ConfigSection section) {
        Map<CalloutReason, Optional<SmtpReply>> replies = new EnumMap<>(CalloutReason.class);
        for (CalloutReason reason : CalloutReason.values()) {
            // The mail of the other reasons always continues.
            boolean replied =
                    reason.verdict() == CalloutVerdict.UNDELIVERABLE || reason.verdict() == CalloutVerdict.UNDECIDED;
            if (!replied) {
                continue;
            }
            String key = MetricRegistry.word(reason);
            String expected = reason.allowsRejection()
                    ? "none, or a reply such as \"550 5.1.7 Sender address rejected\""
                    : "none, or a 4yz reply such as \"451 4.1.7 Try again later\"";
            Optional<SmtpReply> reply = section.optional(key, expected, text -> reply(reason, text));
            if (reply != null) {
                replies.put(reason, reply);
            }
        }
        section.end();
        return replies;
    }

    private static Optional<Optional<SmtpReply>> reply(CalloutReason reason, String text) {
        if (text.equals("none")) {
            return Optional.of(Optional.empty());
        }
        Matcher parts = REPLY.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            SmtpReply reply = new SmtpReply(Integer.parseInt(parts.group(1)), parts.group(2), parts.group(3));
            return reply.isPermanent() && !reason.allowsRejection()
                    ? Optional.empty()
                    : Optional.of(Optional.of(reply));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
