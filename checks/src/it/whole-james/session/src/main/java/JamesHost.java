import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackPorts;
import org.senderauth.testkit.SmtpTestClient;

/** An Apache James as docs/james.md configures it, with three users. */
final class JamesHost implements AutoCloseable {

    private final int smtp = LoopbackPorts.free();
    private final int submission = LoopbackPorts.free();
    private final int imap = LoopbackPorts.free();
    private final int webadmin = LoopbackPorts.free();
    private final KeyPair dkim2 = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);
    private final Path folder;
    private final Process process;

    /**
     * Starts it.
     *
     * @param folder its folder, with lib and extensions-jars
     * @param guide the text of the guide
     * @param dns the port of its name server
     * @param elsewhere the port of the mail server of all other domains
     */
    JamesHost(Path folder, String guide, int dns, int elsewhere) throws Exception {
        this.folder = folder;
        configure(guide, elsewhere);
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx512m",
                        "-Dworking.directory=.",
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-Ddns.server=127.0.0.1:" + dns,
                        "-cp",
                        "lib/*",
                        "org.apache.james.MemoryJamesServerMain")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("james.log").toFile())
                .start();
    }

    void awaitStart() throws Exception {
        Await.until(
                "James listens", () -> !process.isAlive() || listens(imap) && listens(smtp) && listens(webadmin));
        admin("domains/example.org", "");
        for (String user : List.of("alice", "bob", "postmaster")) {
            admin("users/" + user + "@example.org", "{\"password\":\"secret\"}");
        }
    }

    /** A client with this address, as James sees it. */
    SmtpTestClient client(String address) throws IOException {
        return SmtpTestClient.proxied(smtp, address);
    }

    /** A client that has logged in as alice. */
    SmtpTestClient alice() throws IOException {
        SmtpTestClient client = SmtpTestClient.with(submission);
        Check.expect("235", client.say("AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA=="));
        return client;
    }

    /** The pair of keys that it signs messages with, with DKIM2. */
    KeyPair dkim2() {
        return dkim2;
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("james.log"));
    }

    void admin(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webadmin + "/" + path))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
        Check.check("webadmin replies " + status, status == 204);
    }

    // All messages of a user's inbox, over IMAP.
    String messages(String user) {
        return imap(user, "FETCH 1:* BODY[]");
    }

    String message(String user, String subject) {
        Await.until(user + " has '" + subject + "'", () -> messages(user).contains("Subject: " + subject));
        String all = messages(user);
        int at = all.indexOf("Subject: " + subject);
        return all.substring(all.lastIndexOf("* ", at), at);
    }

    long subjects(String user, String pattern) {
        String headers = imap(user, "FETCH 1:* BODY[HEADER.FIELDS (SUBJECT)]");
        return Pattern.compile("Subject: (" + pattern + ")")
                .matcher(headers)
                .results()
                .map(MatchResult::group)
                .distinct()
                .count();
    }

    private String imap(String user, String command) {
        try (Socket socket = new Socket("127.0.0.1", imap)) {
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            StringBuilder replies = new StringBuilder();
            for (String line : List.of("1 LOGIN " + user + "@example.org secret", "2 SELECT INBOX", "3 " + command)) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                String end = line.substring(0, 2);
                String reply = in.readLine();
                while (reply != null && !reply.startsWith(end)) {
                    replies.append(reply).append('\n');
                    reply = in.readLine();
                }
            }
            return replies.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void configure(String guide, int elsewhere) throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        for (String file : List.of(
                "smtpserver.xml",
                "imapserver.xml",
                "mailetcontainer.xml",
                "domainlist.xml",
                "dnsservice.xml",
                "usersrepository.xml",
                "mailrepositorystore.xml",
                "webadmin.properties",
                "jmap.properties",
                "jmx.properties",
                "logback.xml")) {
            String text = new String(
                            JamesHost.class.getResourceAsStream("/conf/" + file).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@smtp@", Integer.toString(smtp))
                    .replace("@submission@", Integer.toString(submission))
                    .replace("@imap@", Integer.toString(imap))
                    .replace("@webadmin@", Integer.toString(webadmin))
                    .replace("@remote@", Integer.toString(elsewhere))
                    .replace("@guide@", block(guide, "(?s)(<ioWorkerCount>.*?</handlerchain>)"))
                    .replace("@guide-root@", block(guide, "(?s)(<mailet match=\"All\" class=\"org\\S+StripRecipients\"/>.*?SrsReverseRecipients\"/>)"))
                    .replace("@guide-bounces@", block(guide, "(<mailet match=\"All\" class=\"org\\S+BounceOnlyProven\"/>)"))
                    .replace(
                            "@guide-sign@",
                            block(guide, "(?s)(<mailet match=\"\\S+\" class=\"org\\S+SrsForwardSender\"/>.*?Dkim2SignMessage\"/>)"));
            Files.writeString(conf.resolve(file), text);
        }
        Files.writeString(
                conf.resolve("extensions.properties"), block(guide, "(guice\\.extension\\.module=\\S+)") + "\n");
        secret(conf.resolve("batv.keys"), "a-key-of-32-characters-for-this-test");
        secret(conf.resolve("srs.secret"), "a secret of 32 characters, of this test");
        secret(conf.resolve("mail.pem"), Dkim2SigningKey.pem(dkim2.getPrivate()));
        Files.writeString(
                conf.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(dkim2.getPublic()) + "\n");
    }

    private static void secret(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static String block(String guide, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(guide);
        Check.check("the guide contains " + regex, matcher.find());
        return matcher.group(1);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
