package org.senderauth.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.PeerProcess;
import org.senderauth.peers.PostsrsdPeer;
import org.senderauth.testkit.SmtpTestClient;

/**
 * Three real hosts that forward to each other, and the network between them: a Postfix with the second pass of docs/srs.md,
 * an Exim with the router and the transport of that guide, and a Postfix with PostSRSd. The first two enforce SPF.
 *
 * <p>Each has an alias for each order of the three: {@code via123@} goes from the first to the second, the third, and on to
 * {@code carol@example.net}; {@code lost123@} to an unknown user there.
 */
final class SrsChain implements AutoCloseable {

    /** The orders in which mail can pass. */
    static final List<String> ORDERS = List.of("123", "132", "213", "231", "312", "321");

    /** The host that sends mail of example.com, as Postfix and Exim see it. */
    static final Host SENDER = new Host("example.com", 0);

    private static final Host FIRST = new Host("first.example", 1);
    private static final Host SECOND = new Host("second.example", 2);
    private static final Host THIRD = new Host("third.example", 3);

    private static final DocumentedConfig GUIDE = DocumentedConfig.of("srs.md");

    /**
     * A host on the network.
     *
     * @param domain its domain, which is that of its SRS addresses
     * @param number its number in an order
     */
    record Host(String domain, int number) {

        /** Its address for a Postfix, which learns it by XCLIENT. */
        String address() {
            return "192.0.2.1" + number;
        }

        /** Its address for an Exim, which sees where a connection comes from. */
        String loopback() {
            return "127.0.0.3" + number;
        }

        private String record() {
            return "%s. 300 IN TXT \"v=spf1 ip4:%s ip4:%s -all\"\n".formatted(domain, address(), loopback());
        }
    }

    // Three forwards, two ways back, and one more would be a loop.
    private static final int MOST_WAYS = 6;

    private final List<Runnable> closings = new ArrayList<>();
    private final StringWriter log = new StringWriter();
    private final Map<Host, MailSink> sent;
    private final DocumentedPostfix first;
    private final EximHost second;
    private final DocumentedPostfix third;

    private SrsChain(Path folder) throws Exception {
        PostsrsdPeer.program();
        EximHost.need();
        // The users of the hosts must get to the folders in it.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        try {
            first = keep(postfixWithOurs(Files.createDirectory(folder.resolve("first"))), DocumentedPostfix::close);
            MailSink ofExim = keep(new MailSink(), MailSink::close);
            second = keep(eximWithOurs(Files.createDirectory(folder.resolve("second")), ofExim), EximHost::close);
            third = keep(postfixWithPostsrsd(Files.createDirectory(folder.resolve("third"))), DocumentedPostfix::close);
            sent = Map.of(FIRST, first.sink(), SECOND, ofExim, THIRD, third.sink());
        } catch (Exception | AssertionError failure) {
            close();
            throw failure;
        }
    }

    /** Starts them, or skips the test where one is missing. */
    static SrsChain start(Path folder) throws Exception {
        return new SrsChain(folder);
    }

    // The last one that started is the first to close.
    private <T> T keep(T started, Consumer<T> close) {
        closings.add(0, () -> close.accept(started));
        return started;
    }

    private DocumentedPostfix postfixWithOurs(Path folder) throws Exception {
        int again = PeerProcess.freePort();
        String mainCf =
                GUIDE.block("# main.cf: mail to other hosts").replace("127.0.0.1]:10026", "127.0.0.1]:" + again);
        DocumentedPostfix postfix = DocumentedPostfix.start(
                folder,
                text -> text.replaceAll("(?m)^recipient_canonical.*\n(?:[ \t].*\n)*", "") + mainCf + names(FIRST),
                text -> text.replaceAll("(?m)^ *-o sender_canonical_(maps|classes)=.*\n", "")
                        + GUIDE.block("# master.cf: senders of forwarded mail")
                                .replace("127.0.0.1:10026", "127.0.0.1:" + again)
                                .replace("mx.example.org", "mx." + FIRST.domain())
                                .replace("content_filter=smtp:", "content_filter=smtp:[127.0.0.1]:@SINK@"));
        keep(service(folder, FIRST, postfix.policyPort(), postfix.socketmapPort()), Service::close);
        return postfix;
    }

    private EximHost eximWithOurs(Path folder, MailSink sink) throws Exception {
        int policy = PeerProcess.freePort();
        int maps = PeerProcess.freePort();
        keep(service(folder, SECOND, policy, maps), Service::close);
        DocumentedConfig exim = DocumentedConfig.of("exim.md");
        String forwards = """
                forwards:
                  driver = redirect
                  domains = +local_domains
                  data = ${extract{$local_part}{%s}}
                """.formatted(aliases(SECOND, name -> name + "=", " "));
        Function<String, String> ports = block -> block.replace("127.0.0.1:10031", "127.0.0.1:" + policy)
                .replace("127.0.0.1:10032", "127.0.0.1:" + maps)
                .replace("{10s}", "{60s}");
        return EximHost.start(
                folder,
                SECOND.domain(),
                Map.of(
                        "MAIN",
                        ports.apply(exim.block("# senderauth, macros")) + "acl_smtp_rcpt = acl_check_rcpt\n",
                        "ACL_MAIL",
                        "  accept",
                        "ACL_RCPT",
                        exim.block("# senderauth, recipient checks"),
                        "ROUTER",
                        ports.apply(GUIDE.block("# router, before")) + forwards,
                        "TRANSPORT",
                        ports.apply(GUIDE.block("# transport of mail to other hosts")),
                        "SINK",
                        Integer.toString(sink.port())));
    }

    private DocumentedPostfix postfixWithPostsrsd(Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("postsrsd.secret"), "a secret of PostSRSd, of the test\n");
        PostsrsdPeer postsrsd = keep(PostsrsdPeer.start(folder, THIRD.domain(), secret), PostsrsdPeer::close);
        String maps = """
                sender_canonical_maps = tcp:127.0.0.1:%d
                sender_canonical_classes = envelope_sender
                recipient_canonical_maps = tcp:127.0.0.1:%d
                recipient_canonical_classes = envelope_recipient, header_recipient
                """.formatted(postsrsd.forwardPort(), postsrsd.reversePort());
        return DocumentedPostfix.start(folder, guide -> maps + names(THIRD), guide -> "");
    }

    private static String names(Host host) {
        return "myhostname = mx.%1$s\nmydestination = %1$s\nvirtual_alias_maps = inline:{ %2$s }\n"
                .formatted(host.domain(), aliases(host, name -> "{ " + name + "@" + host.domain() + " = ", " }, "))
                .replaceFirst(", }\n$", " }\n");
    }

    // One alias for each order and each end of it, as the host's configuration writes it.
    private static String aliases(Host host, Function<String, String> begin, String end) {
        return ORDERS.stream()
                .flatMap(order -> List.of("via" + order, "lost" + order).stream()
                        .map(name -> begin.apply(name) + target(host, name, order) + end))
                .collect(Collectors.joining());
    }

    private static String target(Host host, String name, String order) {
        int next = order.indexOf('0' + host.number()) + 1;
        if (next == order.length()) {
            return name.startsWith("lost") ? "nobody@example.net" : "carol@example.net";
        }
        return name + "@" + hosts(order).get(next).domain();
    }

    /** The hosts of an order. */
    static List<Host> hosts(String order) {
        return order.chars()
                .mapToObj(digit -> List.of(FIRST, SECOND, THIRD).get(digit - '1'))
                .toList();
    }

    private Service service(Path folder, Host host, int policy, int maps) throws Exception {
        SecretFiles.create(
                folder.resolve("srs.secret"), ("a secret of " + host.domain()).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("zone"), SENDER.record() + FIRST.record() + SECOND.record() + THIRD.record());
        Path config = Files.writeString(folder.resolve("senderauth.yaml"), """
                hostname: mx.%1$s
                domains: [%1$s]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:%2$d, socketmap: inet:127.0.0.1:%3$d}
                exempt: {loopback: false}
                steps:
                  spf: {mode: enforce}
                  srs: {mode: enforce}
                srs: {key-file: srs.secret, domain: %1$s}
                """.formatted(host.domain(), policy, maps));
        return Service.start(config, new PrintWriter(log, true), InstantSource.system());
    }

    /** Offers a mail from one host to another; the reply that rejects it, or the reply to the message. */
    String offer(Host from, Host to, String sender, String recipient, List<String> lines) throws IOException {
        try (SmtpTestClient talk = connect(from, to)) {
            for (String command : List.of("MAIL FROM:<" + sender + ">", "RCPT TO:<" + recipient + ">", "DATA")) {
                String reply = talk.say(command);
                if (!reply.startsWith("2") && !reply.startsWith("3")) {
                    return reply;
                }
            }
            return talk.say(String.join("\r\n", lines) + "\r\n.");
        }
    }

    private SmtpTestClient connect(Host from, Host to) throws IOException {
        if (to.equals(SECOND)) {
            return SmtpTestClient.from(from.loopback(), second.port());
        }
        return (to.equals(FIRST) ? first : third).outside(from.address());
    }

    /**
     * Takes the next mail that a host sends, offers it to the host of its recipient, and so on, until it leaves the three.
     * Returns it as it was on each way.
     */
    List<MailSink.Mail> carryFrom(Host host) throws IOException {
        List<MailSink.Mail> ways = new ArrayList<>();
        Optional<Host> at = Optional.of(host);
        while (at.isPresent() && ways.size() < MOST_WAYS) {
            MailSink.Mail mail = sent.get(at.get()).next();
            ways.add(mail);
            String recipient = mail.to().get(0);
            Optional<Host> next = sent.keySet().stream()
                    .filter(other -> recipient.endsWith("@" + other.domain()))
                    .findFirst();
            if (next.isPresent()) {
                String reply = offer(at.get(), next.get(), mail.from(), recipient, mail.lines());
                if (!reply.startsWith("250")) {
                    throw new AssertionFailedError(next.get() + " replied " + reply + " to " + mail + "\n" + log);
                }
            }
            at = next;
        }
        return ways;
    }

    /** Tests whether nothing is under way that no test has seen. */
    boolean isQuiet() {
        return sent.values().stream().allMatch(MailSink::isEmpty);
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
