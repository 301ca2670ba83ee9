package org.senderauth.batv;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** The decision table of docs/batv.md, and every switch that changes a row of it. */
class BounceTableTest {

    private static final InstantSource NOON = InstantSource.fixed(Instant.ofEpochSecond(1718452800));

    /** example.com has keys; those of down.example are unavailable; other domains have none. */
    private static final BatvKeys KEYS = BatvKeys.perDomain(
            Map.of("example.com", BatvKeyring.of(SecretKeys.ofWeak("secret".getBytes(StandardCharsets.US_ASCII)))),
            domain -> domain.equals("down.example") ? new BatvKeys.Unavailable("no route") : new BatvKeys.None());

    private static final Batv BATV = Batv.builder().keys(KEYS).clock(NOON).build();

    /** ann is not opted in. */
    private static final RolloutSchedule OPTED_IN = RolloutSchedule.of(
            Map.of("ann@example.com", RolloutSchedule.Dates.NEVER, "ann@down.example", RolloutSchedule.Dates.NEVER),
            RolloutSchedule.Dates.ALWAYS);

    private static final Map<String, String> RECIPIENTS = Map.ofEntries(
            entry("valid", "prvs=0896eca59c=joe@example.com"),
            entry("valid, sub-address", "joe+prvs=0896eca59c@example.com"),
            entry("expired", "prvs=08827e88c0=joe@example.com"),
            entry("forged", "prvs=0896eca59d=joe@example.com"),
            entry("no such key", "prvs=3896eca59c=joe@example.com"),
            entry("other product's", "prvs=750139ea6=joe@example.com"),
            entry("none", "joe@example.com"),
            entry("none, postmaster", "Postmaster@example.com"),
            entry("none, abuse", "abuse@example.com"),
            entry("forged, postmaster", "prvs=0896eca59d=postmaster@example.com"),
            entry("none, too long to be tagged", "a".repeat(49) + "@example.com"),
            entry("none, forwarded by SRS", "SRS0=HHHH=TT=a.example=b@example.com"),
            entry("valid, not opted in", sign("ann@example.com")),
            entry("forged, not opted in", "prvs=0896eca59c=ann@example.com"),
            entry("other product's, not opted in", "prvs=750139ea6=ann@example.com"),
            entry("none, not opted in", "ann@example.com"),
            entry("any, keys unavailable", "prvs=0896eca59c=joe@down.example"),
            entry("other product's, keys unavailable", "prvs=750139ea6=joe@down.example"),
            entry("none, keys unavailable", "joe@down.example"),
            entry("any, keys unavailable, not opted in", "prvs=0896eca59c=ann@down.example"),
            entry("any, of another domain", "prvs=0896eca59c=joe@example.net"),
            entry("other product's, of another domain", "btv1==34826e458e2==joe@example.net"),
            entry("none, of another domain", "joe@example.net"));

    private static String sign(String sender) {
        return BATV.sign(MailAddress.of(sender)).toString();
    }

    private static Bounce mail(String sender, String tag) {
        String recipient = RECIPIENTS.get(tag);
        assertThat(recipient).as(tag).isNotNull();
        return Bounce.to(
                sender.equals("<>") ? null : MailAddress.of(sender),
                MailAddress.split(recipient).orElseThrow());
    }

    private static RecipientDecision decide(BounceRules.Builder rules, String sender, String tag) {
        return new BounceFilter(BATV, rules.rollOut(OPTED_IN).build(), NOON).atRcpt(mail(sender, tag));
    }

    @ParameterizedTest(name = "{0}: {1} from <>, {3} from others")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
        # the recipient's tag               | null sender                            | ordinary sender               | deliver to
          valid                              | ACCEPT          | VALID_TAG     | ACCEPT | NOT_A_BOUNCE | joe@example.com
          valid, sub-address                 | ACCEPT          | VALID_TAG     | ACCEPT | NOT_A_BOUNCE | joe@example.com
          expired                            | REJECT          | EXPIRED_TAG          | ACCEPT | NOT_A_BOUNCE | joe@example.com
          forged                             | REJECT          | FORGED_TAG           | ACCEPT | NOT_A_BOUNCE | joe@example.com
          no such key                        | REJECT          | FORGED_TAG           | ACCEPT | NOT_A_BOUNCE | joe@example.com
          other product's                    | REJECT          | FOREIGN_TAG          | ACCEPT | NOT_A_BOUNCE | joe@example.com
          none                               | CHECK_CONTENT | NO_TAG               | ACCEPT | ORDINARY_MAIL        |
          none, postmaster                   | ACCEPT          | ROLE_MAILBOX         | ACCEPT | ORDINARY_MAIL        |
          none, abuse                        | ACCEPT          | ROLE_MAILBOX         | ACCEPT | ORDINARY_MAIL        |
          forged, postmaster                 | ACCEPT          | ROLE_MAILBOX         | ACCEPT | NOT_A_BOUNCE | postmaster@example.com
          none, too long to be tagged        | ACCEPT          | CANNOT_BE_TAGGED     | ACCEPT | ORDINARY_MAIL        |
          none, forwarded by SRS             | ACCEPT          | CANNOT_BE_TAGGED     | ACCEPT | ORDINARY_MAIL        |
          valid, not opted in                | ACCEPT          | VALID_TAG     | ACCEPT | NOT_A_BOUNCE | ann@example.com
          forged, not opted in               | ACCEPT          | NOT_OPTED_IN         | ACCEPT | NOT_A_BOUNCE | ann@example.com
          other product's, not opted in      | ACCEPT          | NOT_OPTED_IN         | ACCEPT | NOT_A_BOUNCE | ann@example.com
          none, not opted in                 | ACCEPT          | NOT_OPTED_IN         | ACCEPT | ORDINARY_MAIL        |
          any, keys unavailable              | DEFER       | KEYS_UNAVAILABLE     | ACCEPT | NOT_A_BOUNCE | joe@down.example
          other product's, keys unavailable  | DEFER       | KEYS_UNAVAILABLE     | ACCEPT | NOT_A_BOUNCE | joe@down.example
          none, keys unavailable             | DEFER       | KEYS_UNAVAILABLE     | ACCEPT | ORDINARY_MAIL        |
          any, keys unavailable, not opted in | ACCEPT         | NOT_OPTED_IN         | ACCEPT | NOT_A_BOUNCE | ann@down.example
          any, of another domain             | ACCEPT          | NOT_OPTED_IN         | ACCEPT | ORDINARY_MAIL        |
          other product's, of another domain | ACCEPT          | NOT_OPTED_IN         | ACCEPT | ORDINARY_MAIL        |
          none, of another domain            | ACCEPT          | NOT_OPTED_IN         | ACCEPT | ORDINARY_MAIL        |
        """)
    void defaultsAreTheTable(
            String tag,
            BounceAction bounceAction,
            BounceReason bounceReason,
            BounceAction action,
            BounceReason reason,
            String deliverTo) {
        RecipientDecision bounce = decide(BounceRules.builder(), "<>", tag);
        RecipientDecision ordinary = decide(BounceRules.builder(), "jim@example.org", tag);

        assertThat(bounce.action()).isEqualTo(bounceAction);
        assertThat(bounce.reason()).isEqualTo(bounceReason);
        assertThat(ordinary.action()).isEqualTo(action);
        assertThat(ordinary.reason()).isEqualTo(reason);
        for (RecipientDecision decision : List.of(bounce, ordinary)) {
            assertThat(decision.recipient()).hasToString(RECIPIENTS.get(tag));
            assertThat(decision.deliverTo()).hasToString(deliverTo == null ? RECIPIENTS.get(tag) : deliverTo);
            assertThat(decision.isReportOnly()).isFalse();
            assertThat(decision.smtpReply().isPresent())
                    .isEqualTo(
                            EnumSet.of(BounceAction.REJECT, BounceAction.DEFER).contains(decision.action()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<>,                           CHECK_CONTENT",
        "mailer-daemon@a.example,      CHECK_CONTENT",
        "MAILER-DAEMON@a.example,      CHECK_CONTENT",
        "postmaster@a.example,         ACCEPT",
        "not-mailer-daemon@a.example,  ACCEPT",
    })
    void mailOfMailerDaemonsIsABounceToo(String sender, BounceAction action) {
        assertThat(decide(BounceRules.builder(), sender, "none").action()).isEqualTo(action);
        assertThat(decide(BounceRules.builder().mailerDaemon(false), sender, "none")
                        .action())
                .isEqualTo(sender.equals("<>") ? action : BounceAction.ACCEPT);
    }

    @ParameterizedTest(name = "{0} of {1}: {2} otherwise")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
        # switch            | sender          | the rows that it changes
          onInvalid         | <>              | expired; forged; no such key; other product's
          onUnsigned        | <>              | none
          onOrdinaryToTag   | jim@example.org | valid; valid, sub-address; expired; forged; forged, postmaster; no such key; other product's; any, keys unavailable; other product's, keys unavailable
          onKeysUnavailable | <>              | any, keys unavailable; other product's, keys unavailable; none, keys unavailable
          migrateFrom       | <>              | other product's
          exemptPeers       | <>              | none; none, keys unavailable
          rollOut           | <>              | expired; forged; no such key; other product's; none; any, keys unavailable; other product's, keys unavailable; none, keys unavailable
        """)
    void eachSwitchChangesItsRowsAndNoOther(String name, String sender, String rows) throws UnknownHostException {
        Set<String> changed = Set.of(rows.split("; "));
        InetAddress client = InetAddress.getByName("192.0.2.1");
        BounceRules.Builder rules = BounceRules.builder().rollOut(OPTED_IN);
        BounceFilter before = new BounceFilter(BATV, rules.build(), NOON);
        BounceFilter after = new BounceFilter(BATV, turned(name, rules, client).build(), NOON);

        for (String tag : RECIPIENTS.keySet()) {
            Bounce mail = mail(sender, tag).from(client);
            boolean same = before.atRcpt(mail).action() == after.atRcpt(mail).action();
            assertThat(same).as(tag).isEqualTo(!changed.contains(tag));
        }
    }

    private static BounceRules.Builder turned(String name, BounceRules.Builder rules, InetAddress client) {
        return switch (name) {
            case "onInvalid" -> rules.onInvalid(BounceAction.QUARANTINE);
            case "onUnsigned" -> rules.onUnsigned(BounceAction.ADD_HEADER);
            case "onOrdinaryToTag" -> rules.onTaggedNonBounce(BounceAction.REJECT);
            case "onKeysUnavailable" -> rules.onKeysUnavailable(BounceAction.ACCEPT);
            case "migrateFrom" -> rules.migrateFrom(Set.of(TagFormat.IRONPORT));
            case "exemptPeers" -> rules.exemptPeers(client::equals);
            case "rollOut" -> rules.rollOut((address, now) -> RolloutSchedule.Stage.OFF);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "dsn-rfc3464.eml,                 DSN,         REJECT",
        "bounce-in-plain-text.eml,        BACKSCATTER, REJECT",
        "mdn-rfc8098.eml,                 MDN,         ACCEPT",
        "out-of-office-rfc3834.eml,       AUTO_REPLY,  ACCEPT",
        "list-with-null-sender.eml,       OTHER,       ACCEPT",
    })
    void bounceWithoutTagIsJudgedByItsContent(String sample, MessageKind kind, BounceAction action) throws IOException {
        MessageContent content;
        try (var message = BounceTableTest.class.getResourceAsStream("messages/" + sample)) {
            content = MessageContent.read(message);
        }
        BounceFilter filter = new BounceFilter(BATV, BounceRules.defaults(), NOON);
        BounceDecision decision = filter.atEndOfData(mail("<>", "none").with(content));

        assertThat(content.kind()).isEqualTo(kind);
        assertThat(decision.action()).isEqualTo(action);
        assertThat(decision.recipients().get(0).reason()).isEqualTo(BounceReason.NO_TAG_CONTENT);
        BounceRules marked =
                BounceRules.builder().onContent(kind, BounceAction.ADD_HEADER).build();
        assertThat(new BounceFilter(BATV, marked, NOON)
                        .atEndOfData(mail("<>", "none").with(content))
                        .action())
                .isEqualTo(BounceAction.ADD_HEADER);
        // what carries a tag is judged by it alone
        assertThat(filter.atEndOfData(mail("<>", "valid").with(content)).action())
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atEndOfData(mail("<>", "forged").with(content)).action())
                .isEqualTo(BounceAction.REJECT);
    }

    @Test
    void senderThatWasNeverTaggedForItsLengthStaysReachable() {
        MailAddress longest = new MailAddress("a".repeat(48), "example.com");
        MailAddress tooLong = new MailAddress("a".repeat(49), "example.com");
        BounceFilter strict = new BounceFilter(
                BATV, BounceRules.builder().onUnsigned(BounceAction.REJECT).build(), NOON);

        assertThat(BATV.trySign(longest).isSigned()).isTrue();
        assertThat(strict.atRcpt(Bounce.to(null, longest)).action()).isEqualTo(BounceAction.REJECT);
        assertThat(BATV.trySign(tooLong).outcome()).isEqualTo(SigningOutcome.TOO_LONG);
        assertThat(strict.atRcpt(Bounce.to(null, tooLong)).action()).isEqualTo(BounceAction.ACCEPT);
    }

    @Test
    void defersFilteredMailOnlyAboveFailureLimit() throws UnknownHostException {
        InetAddress guesser = InetAddress.getByName("192.0.2.1");
        InetAddress list = InetAddress.getByName("192.0.2.2");
        BounceRules rules = BounceRules.builder()
                .rollOut(OPTED_IN)
                .failureLimit(1)
                .exemptPeers(list::equals)
                .build();
        BounceFilter filter = new BounceFilter(BATV, rules, NOON, new MemoryFailureCounter(Duration.ofHours(1)));
        for (InetAddress client : List.of(guesser, list)) {
            filter.atRcpt(mail("<>", "forged").from(client));
            filter.atRcpt(mail("<>", "forged").from(client));
        }

        for (String tag : List.of("valid", "forged", "none", "none, too long to be tagged")) {
            assertThat(filter.atRcpt(mail("<>", tag).from(guesser)).reason())
                    .as(tag)
                    .isEqualTo(BounceReason.TOO_MANY_FAILURES);
            assertThat(filter.atRcpt(mail("<>", tag).from(list)).reason())
                    .as(tag)
                    .isNotEqualTo(BounceReason.TOO_MANY_FAILURES);
            assertThat(filter.atRcpt(mail("jim@example.org", tag).from(guesser)).action())
                    .isEqualTo(BounceAction.ACCEPT);
        }
        for (String tag : List.of("forged, not opted in", "none, not opted in", "any, of another domain")) {
            assertThat(filter.atRcpt(mail("<>", tag).from(guesser)).action())
                    .as(tag)
                    .isEqualTo(BounceAction.ACCEPT);
        }
    }
}
