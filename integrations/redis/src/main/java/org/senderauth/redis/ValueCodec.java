package org.senderauth.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostEntry;

/**
 * The text forms of stored values, for scripts and for readers. Each value begins with the number of its format; one of
 * another format, or a damaged one, counts as absent, so that hosts of different releases can share one Redis. None is
 * longer than {@value #MAX_LENGTH} characters, since a {@link TargetReply} is bounded. Thread-safe.
 */
final class ValueCodec {

    /** More than any value has. */
    static final int MAX_LENGTH = 512;

    private static final String FORMAT = "1 ";
    // Format 1 had the domain's postmaster as well.
    private static final String FACTS_FORMAT = "2 ";
    private static final String NOTHING = "-";

    // since fresh stale keep repeats letter reason code enhanced text
    private static final Pattern RECORD = Pattern.compile(
            "1 (\\d{1,16}) (\\d{1,16}) (\\d{1,16}) (\\d{1,16}) (\\d{1,9}) [A-Z] ([A-Z0-9_]+) (\\d{1,3}) (\\S+) (.*)");

    private static final Pattern FACTS = Pattern.compile("2 ([A-Z]+) (\\d{1,16})(?: (.*))?", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("1 (\\d{1,16})");

    // trouble blocked repeats needsTls refusesNull
    private static final Pattern HOST =
            Pattern.compile("1 ([A-Z0-9_]+|-) (\\d{1,16}) (\\d{1,9}) (\\d{1,16}) (\\d{1,16})");

    private final RedisClock time;

    ValueCodec(RedisClock time) {
        this.time = time;
    }

    String write(AddressEntry record) {
        TargetReply reply = record.reply();
        String words = reply == null
                ? "0 - "
                : reply.code() + " " + (reply.enhancedCode().isEmpty() ? NOTHING : reply.enhancedCode()) + " "
                        + reply.text().substring(0, Math.min(reply.text().length(), TargetReply.MAX_TEXT));
        return FORMAT + time.toRedis(record.since()) + " " + time.toRedis(record.freshUntil()) + " "
                + time.toRedis(record.staleUntil()) + " " + time.toRedis(record.keepUntil()) + " " + record.repeats()
                + " " + letter(record.reason()) + " " + record.reason().name() + " " + words;
    }

    /** By which the scripts tell what follows from an answer. */
    private static char letter(CalloutReason reason) {
        return switch (reason.verdict()) {
            case DELIVERABLE -> 'D';
            case CATCH_ALL -> 'C';
            case UNDELIVERABLE -> 'U';
            case UNDECIDED -> 'Q';
            case SKIPPED -> 'S';
        };
    }

    @Nullable
    AddressEntry readRecord(String value) {
        Matcher fields = RECORD.matcher(value);
        if (value.length() > MAX_LENGTH || !fields.matches()) {
            return null;
        }
        CalloutReason reason = reason(fields.group(6));
        if (reason == null) {
            return null;
        }
        int code = Integer.parseInt(fields.group(7));
        String enhanced = fields.group(8).equals(NOTHING) ? "" : fields.group(8);
        return new AddressEntry(
                reason,
                code == 0 ? null : new TargetReply(code, enhanced, fields.group(9)),
                time.toHost(Long.parseLong(fields.group(1))),
                time.toHost(Long.parseLong(fields.group(2))),
                time.toHost(Long.parseLong(fields.group(3))),
                time.toHost(Long.parseLong(fields.group(4))),
                Integer.parseInt(fields.group(5)));
    }

    /** {@return since when an answer is known, in milliseconds of Redis; 0 if the value is none} */
    static long since(String record) {
        Matcher fields = RECORD.matcher(record);
        return record.length() <= MAX_LENGTH && fields.matches() ? Long.parseLong(fields.group(1)) : 0;
    }

    /** {@return the number of a value such as "1 17"; 0 if it is of another format} */
    static long number(String value) {
        Matcher number = NUMBER.matcher(value);
        return number.matches() ? Long.parseLong(number.group(1)) : 0;
    }

    String write(DomainEntry facts) {
        String answers = FACTS_FORMAT + facts.catchAll() + " " + time.toRedis(facts.catchAllUntil());
        AddressEntry standing = facts.standing();
        return standing == null ? answers : answers + " " + write(standing);
    }

    DomainEntry readFacts(String value) {
        Matcher fields = FACTS.matcher(value);
        if (value.length() > MAX_LENGTH || !fields.matches()) {
            return DomainEntry.NONE;
        }
        TriState catchAll = known(fields.group(1));
        if (catchAll == null) {
            return DomainEntry.NONE;
        }
        String standing = fields.group(3);
        return new DomainEntry(
                standing == null ? null : readRecord(standing), catchAll, time.toHost(Long.parseLong(fields.group(2))));
    }

    String write(HostEntry host) {
        CalloutReason trouble = host.trouble();
        return FORMAT + (trouble == null ? NOTHING : trouble.name()) + " " + time.toRedis(host.blockedUntil()) + " "
                + host.repeats() + " " + time.toRedis(host.needsTlsUntil()) + " "
                + time.toRedis(host.refusesNullUntil());
    }

    HostEntry readHost(String value) {
        Matcher fields = HOST.matcher(value);
        if (!fields.matches()) {
            return HostEntry.NONE;
        }
        String trouble = fields.group(1);
        return new HostEntry(
                trouble.equals(NOTHING) ? null : reason(trouble),
                time.toHost(Long.parseLong(fields.group(2))),
                Integer.parseInt(fields.group(3)),
                time.toHost(Long.parseLong(fields.group(4))),
                time.toHost(Long.parseLong(fields.group(5))));
    }

    private static @Nullable CalloutReason reason(String name) {
        try {
            return CalloutReason.valueOf(name);
        } catch (IllegalArgumentException ofAnotherRelease) {
            return null;
        }
    }

    private static @Nullable TriState known(String name) {
        try {
            return TriState.valueOf(name);
        } catch (IllegalArgumentException ofAnotherRelease) {
            return null;
        }
    }
}
