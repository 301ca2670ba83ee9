package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.examples.InboundServer;
import org.senderauth.milter.AnswerCodec;
import org.senderauth.milter.CommandCodec;
import org.senderauth.milter.MilterAnswer;
import org.senderauth.milter.MilterCommand;
import org.senderauth.milter.MilterObserver;
import org.senderauth.milter.MilterProtocol;
import org.senderauth.milter.PolicyMilter;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.Network;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.PolicyService;
import org.senderauth.ses.Ses;
import org.senderauth.testkit.SmtpTestClient;
import org.subethamail.smtp.internal.proxy.ProxyProtocolV1Handler;
import org.subethamail.smtp.server.SMTPServer;

/** One transaction, four servers over real sockets: James, SubEthaSMTP, Postfix's policy delegation, and a milter. */
class CrossServerConsistencyTest {

    /** A refusal as a client or Postfix sees it. HELO is answered without an enhanced code. */
    private static final Pattern REFUSAL = Pattern.compile(
            "(?:DEFER_IF_PERMIT|(?<code>[45])\\d\\d) ?(?:(?<enhanced>[45]\\.\\d+\\.\\d+) )?(?<text>.*)");

    private static SenderPolicy policy(String rules, Ses ses) {
        SenderPolicyBuilder builder = Policies.over(Policies.ZONE).ses(ses, Set.of("example.org"));
        StepModes.Builder modes = StepModes.builder().defaultMode(Step.CALLOUT, StepMode.ENFORCE);
        switch (rules) {
            case "block list" -> builder.blockLists(DnsBlockList.of(Policies.ZONE, List.of("dnsbl.example")));
            case "exempt network" ->
                builder.exemptions(Exemptions.builder()
                        .network(Network.parse("198.51.100.0/24").orElseThrow())
                        .build());
            case "exempt sender" ->
                builder.exemptions(
                        Exemptions.builder().sender("bob@example.net").build());
            case "exempt recipient" ->
                builder.exemptions(
                        Exemptions.builder().recipient("alice@example.org").build());
            case "exempt others" ->
                builder.exemptions(Exemptions.builder()
                        .recipient("postmaster@example.org")
                        .sender("carol@example.net")
                        .build());
            case "report" -> modes.defaultMode(Step.SPF, StepMode.MONITOR).defaultMode(Step.BATV, StepMode.MONITOR);
            case "report for recipients" -> modes.recipientDomain("example.org", Step.SPF, StepMode.MONITOR);
            case "off for senders" -> modes.senderDomain("example.net", Step.SPF, StepMode.OFF);
            case "fail open" -> builder.onTempfail(Step.SPF, TempfailAction.CONTINUE);
            case "usual" -> {}
            default -> throw new IllegalArgumentException(rules);
        }
        return builder.modes(modes.build()).build();
    }

    // rules | client | HELO | sender | recipient; T and S are Alice with a tag and with a signature | all answers
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            usual                 | 192.0.2.1    | mail.example.net | bob@example.net      | alice@example.org      | go on
            usual                 | 2001:db8::1  | host.example.com | bob@example.net      | alice@example.org      | go on
            usual                 | 198.51.100.1 | host.example.com | bob@example.com      | alice@example.org      | go on
            usual                 | 198.51.100.1 | host.example.com | bob@example.net      | alice@example.org      | 5 5.7.23
            usual                 | 198.51.100.1 | mail.example.net | bob@example.com      | alice@example.org      | 5 5.7.23
            usual                 | 198.51.100.1 | mail.example.net | ''                   | T                      | 5 5.7.23
            usual                 | 198.51.100.1 | not.example.net  | bob@example.com      | alice@example.org      | 5 5.7.1
            usual                 | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | 5 5.7.1
            usual                 | 198.51.100.1 | host.example.com | bob@away.example.net | alice@example.org      | 4 4.7.24
            usual                 | 198.51.100.1 | host.example.com | nobody@away.example.net | alice@example.org   | 4 4.7.24
            usual                 | 198.51.100.1 | host.example.com | nobody@example.com   | alice@example.org      | 5 5.1.7
            usual                 | 198.51.100.1 | host.example.com | ''                   | alice@example.org      | 5 5.7.1
            usual                 | 198.51.100.1 | host.example.com | ''                   | T                      | go on
            usual                 | 198.51.100.1 | host.example.com | ''                   | S                      | go on
            usual                 | 198.51.100.1 | host.example.com | ''                   | prvs=1000123456=alice@example.org | 5 5.7.1
            usual                 | 198.51.100.1 | host.example.com | ''                   | SES=BBBB=alice@example.org | 5 5.7.1
            usual                 | 198.51.100.1 | host.example.com | S                    | alice@example.org      | go on
            usual                 | 198.51.100.1 | host.example.com | SES=BBBB=alice@example.org | alice@example.org | 5 5.7.1
            usual                 | 198.51.100.1 | host.example.com | bob@example.com      | T                      | go on
            block list            | 198.51.100.66 | host.example.com | bob@example.com     | alice@example.org      | 5 5.7.1
            block list            | 198.51.100.66 | not.example.net  | bob@example.net     | alice@example.org      | 5 5.7.1
            block list            | 198.51.100.1 | host.example.com | bob@example.com      | alice@example.org      | go on
            exempt network        | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | go on
            exempt sender         | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | go on
            exempt sender         | 198.51.100.1 | not.example.net  | carol@example.net    | alice@example.org      | 5 5.7.1
            exempt recipient      | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | go on
            exempt others         | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | 5 5.7.1
            exempt others         | 198.51.100.1 | host.example.com | bob@example.net      | alice@example.org      | 5 5.7.23
            report                | 198.51.100.1 | host.example.com | bob@example.net      | alice@example.org      | go on
            report                | 198.51.100.1 | host.example.com | ''                   | alice@example.org      | go on
            report for recipients | 198.51.100.1 | host.example.com | bob@example.net      | alice@example.org      | go on
            report for recipients | 198.51.100.1 | not.example.net  | bob@example.net      | alice@example.org      | 5 5.7.1
            off for senders       | 198.51.100.1 | host.example.com | bob@example.net      | alice@example.org      | go on
            fail open             | 198.51.100.1 | host.example.com | bob@away.example.net | alice@example.org      | go on
            """)
    void allServersReplyAlike(
            String rules, String client, String helo, String sender, String recipient, String expected)
            throws Exception {
        Ses ses = Policies.ses();
        String from = written(sender, ses);
        String to = written(recipient, ses);
        Answer milter = viaMilter(policy(rules, ses), client, helo, from, to);
        assertThat(milter.kind()).isEqualTo(expected);
        // Before the two that accept the message, which counts as a use of a signature.
        assertThat(viaPostfix(policy(rules, ses), client, helo, from, to)).isEqualTo(milter.inPolicyProtocol());
        Answer james = viaJames(
                policy(rules, ses),
                SignatureStripper.of(Policies.BATV).or(SignatureStripper.of(ses)),
                client,
                helo,
                from,
                to);
        assertThat(james.completed(milter)).isEqualTo(milter);
        Answer subEtha = viaSubEtha(
                policy(rules, ses),
                SignatureStripper.of(Policies.BATV).or(SignatureStripper.of(ses)),
                client,
                helo,
                from,
                to);
        assertThat(subEtha).isEqualTo(milter);
    }

    private static String written(String address, Ses ses) {
        return switch (address) {
            case "T" -> Policies.TAGGED;
            case "S" -> ses.sign(Policies.ALICE).toString();
            default -> address;
        };
    }

    /** What a server answered. */
    private record Answer(String kind, String text) {

        private static final Answer GO_ON = new Answer("go on", "");

        static Answer of(String reply) {
            Matcher refusal = REFUSAL.matcher(reply);
            if (!refusal.matches()) {
                return GO_ON;
            }
            String enhanced = Optional.ofNullable(refusal.group("enhanced")).orElse("");
            String code = Optional.ofNullable(refusal.group("code")).orElse("4");
            return new Answer(code + " " + enhanced, refusal.group("text"));
        }

        /** This answer with the code of the policy protocol: Postfix would make a bad recipient of a bad sender. */
        Answer inPolicyProtocol() {
            return new Answer(kind.replaceFirst("[.]1[.][78]$", ".1.0"), text);
        }

        /** This answer with the enhanced code of another, if it was given to HELO, where there is none. */
        Answer completed(Answer other) {
            return kind.equals("5 ") ? new Answer(other.kind, text) : this;
        }
    }

    private static Answer viaJames(
            SenderPolicy policy, SignatureStripper stripper, String client, String helo, String from, String to)
            throws Exception {
        try (EmbeddedServer server = EmbeddedServer.with(
                        new SenderPolicyHook(policy, stripper),
                        new CalloutHook(policy),
                        new AcceptedMessageFilter(policy));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), client)) {
            return dialogue(talk, helo, from, to);
        }
    }

    private static Answer viaSubEtha(
            SenderPolicy policy, SignatureStripper stripper, String client, String helo, String from, String to)
            throws Exception {
        InboundServer inbound = new InboundServer(policy, stripper, mailbox -> true, mail -> {});
        SMTPServer server = inbound.on(SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .proxyHandler(ProxyProtocolV1Handler.INSTANCE))
                .build();
        server.start();
        try (SmtpTestClient talk = SmtpTestClient.proxied(server.getPortAllocated(), client)) {
            return dialogue(talk, helo, from, to);
        } finally {
            server.stop();
        }
    }

    private static Answer dialogue(SmtpTestClient talk, String helo, String from, String to) throws IOException {
        String reply = talk.say("EHLO " + helo);
        return reply.startsWith("250") ? Answer.of(talk.mail(from, to, "text")) : Answer.of(reply);
    }

    private static Answer viaMilter(SenderPolicy policy, String client, String helo, String from, String to)
            throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        PolicyMilter milter = PolicyMilter.builder(policy, "mx.example.org").build();
        try (MtaServer server = MtaServer.builder(new MilterProtocol(milter, threads, MilterObserver.NONE), threads)
                        .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket socket = new Socket()) {
            socket.connect(server.address());
            char family = client.indexOf(':') < 0 ? '4' : '6';
            MilterAnswer answer = MilterAnswer.Simple.CONTINUE;
            for (MilterCommand command : List.of(
                    new MilterCommand.Negotiate(6, 0x1ff, 0x1fffff),
                    new MilterCommand.Connect("[" + client + "]", family, 25, client),
                    new MilterCommand.Helo(helo),
                    new MilterCommand.Mail("<" + from + ">", List.of()),
                    new MilterCommand.Rcpt("<" + to + ">", List.of()))) {
                socket.getOutputStream().write(CommandCodec.encode(command));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                answer = AnswerCodec.parse(in.readNBytes(in.readInt()));
            }
            return answer instanceof MilterAnswer.Reply reply
                    ? Answer.of(reply.lines().get(0).toString())
                    : Answer.GO_ON;
        } finally {
            threads.shutdown();
        }
    }

    private static Answer viaPostfix(SenderPolicy policy, String client, String helo, String from, String to)
            throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MtaServer server = MtaServer.builder(new PolicyProtocol(new PolicyService(policy)), threads)
                        .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.getOutputStream().write("""
                            request=smtpd_access_policy
                            protocol_state=RCPT
                            client_address=%s
                            helo_name=%s
                            sender=%s
                            recipient=%s
                            instance=1

                            """.formatted(client, helo, from, to).getBytes(StandardCharsets.UTF_8));
            String action = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return Answer.of(action.substring("action=".length()));
        } finally {
            threads.shutdown();
        }
    }
}
