package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.senderauth.benchmarks.RedisFleetHost.Attack;
import org.senderauth.peers.RedisPeer;

/**
 * A joe-job against one domain: the probes of one host with its own cache, and of four hosts,
 * each a JVM of its own, that share one Redis. {@code RedisFleet [exim|scripted] [MESSAGES]}; needs {@code
 * redis-server}, and {@code exim4} and root where the mail server is a stock Exim.
 */
public final class RedisFleet {

    private static final int HOSTS = 4;

    private RedisFleet() {}

    /**
     * Runs the attacks and prints a table.
     *
     * @param args what the victim is, exim if it is not said, and how many forged messages, 100000 if it is not said
     * @throws Exception if a JVM, Exim or Redis does not do as it should
     */
    public static void main(String[] args) throws Exception {
        boolean scripted = args.length > 0 && args[0].equals("scripted");
        int messages = args.length < 2 ? 100_000 : Integer.parseInt(args[1]);
        System.out.println("| limits | hosts | messages | RCPTs at the victim | maximum for one address | results |");
        System.out.println("|---|---|---|---|---|---|");
        for (Attack attack : Attack.values()) {
            for (int hosts : new int[] {1, HOSTS}) {
                Path folder = Files.createTempDirectory("fleet");
                try (Victim victim = scripted ? new ScriptedVictim() : new EximVictim(folder);
                        RedisPeer redis = RedisPeer.start(folder)) {
                    JoeJob.longThere(redis);
                    String state = hosts == 1 ? RedisFleetHost.NO_REDIS : redis.uri();
                    String answers = attack(state, hosts, victim.port(), messages / hosts, attack);
                    Map<String, Integer> recipients = victim.recipients();
                    System.out.printf(
                            "| %s | %d | %d | %d | %d | %s |%n",
                            attack,
                            hosts,
                            messages,
                            recipients.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
                            recipients.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .max()
                                    .orElse(0),
                            answers);
                }
            }
        }
    }

    private static String attack(String state, int hosts, int port, int messages, Attack attack) throws Exception {
        List<Process> jvms = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            jvms.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RedisFleetHost.class.getName(),
                            state,
                            Integer.toString(hosts),
                            Integer.toString(port),
                            Integer.toString(messages),
                            attack.name(),
                            Integer.toString(i))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<BufferedReader> outputs = jvms.stream()
                .map(jvm -> new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8)))
                .toList();
        for (BufferedReader output : outputs) {
            output.readLine();
        }
        for (Process jvm : jvms) {
            jvm.getOutputStream().write('\n');
            jvm.getOutputStream().flush();
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            answers.add(outputs.get(i).readLine());
            if (jvms.get(i).waitFor() != 0) {
                throw new IOException(
                        "a host's JVM ended with status " + jvms.get(i).exitValue());
            }
        }
        return String.join("; ", answers);
    }
}
