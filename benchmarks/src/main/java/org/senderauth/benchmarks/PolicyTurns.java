package org.senderauth.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Queries several running policy services by turns from one JVM, so that all of them and the client have compiled code, and
 * whatever else the machine does slows each of them. Prints each round, and for each service the medians of its rounds.
 *
 * <p>Arguments: connections, requests a second, seconds a round, rounds, then NAME:PORT:PID of each service.
 */
public final class PolicyTurns {

    // At full rate from the start, two processors have no time left to compile, and stay slow.
    private static final int WARM_UP_RATE = 1500;
    private static final int WARM_UP_SECONDS = 20;
    private static final int WARM_UPS = 6;

    private PolicyTurns() {}

    private record Service(String name, int port, ProcessHandle process, List<Round> rounds) {

        static Service of(String argument) {
            String[] parts = argument.split(":");
            return new Service(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    ProcessHandle.of(Long.parseLong(parts[2])).orElseThrow(),
                    new ArrayList<>());
        }

        Round run(int connections, int rate, int seconds) throws InterruptedException {
            Duration before = process.info().totalCpuDuration().orElseThrow();
            long[] times = new PolicyLoad(port, connections, rate, seconds).run();
            Duration used = process.info().totalCpuDuration().orElseThrow().minus(before);
            return new Round(
                    PolicyLoad.at(times, 0.5),
                    PolicyLoad.at(times, 0.99),
                    PolicyLoad.at(times, 0.999),
                    used.toNanos() / 1e3 / times.length);
        }
    }

    private record Round(double median, double p99, double p999, double cpu) {

        static Round median(List<Round> rounds) {
            return new Round(
                    middle(rounds.stream().mapToDouble(Round::median).toArray()),
                    middle(rounds.stream().mapToDouble(Round::p99).toArray()),
                    middle(rounds.stream().mapToDouble(Round::p999).toArray()),
                    middle(rounds.stream().mapToDouble(Round::cpu).toArray()));
        }

        private static double middle(double[] values) {
            Arrays.sort(values);
            int half = values.length / 2;
            return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
        }

        @Override
        public String toString() {
            return String.format(
                    "ms: median %.2f, 99%% %.2f, 99.9%% %.2f; CPU time of the service: %.0f microseconds a decision",
                    median, p99, p999, cpu);
        }
    }

    /**
     * Runs the load.
     *
     * @param arguments connections, requests a second, seconds a round, rounds, NAME:PORT:PID of each service
     * @throws Exception if a thread cannot be waited for
     */
    public static void main(String[] arguments) throws Exception {
        int connections = Integer.parseInt(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        List<Service> services =
                Arrays.stream(arguments).skip(4).map(Service::of).toList();
        for (int i = 0; i < WARM_UPS; i++) {
            for (Service service : services) {
                System.out.println(
                        "warming up " + service.name + " " + service.run(connections, WARM_UP_RATE, WARM_UP_SECONDS));
            }
        }
        for (Service service : services) {
            System.out.println("warming up " + service.name + " " + service.run(connections, rate, seconds));
        }
        for (int i = 0; i < rounds; i++) {
            for (Service service : services) {
                service.rounds.add(service.run(connections, rate, seconds));
                System.out.println(service.name + " " + service.rounds.get(i));
            }
        }
        Round first = Round.median(services.get(0).rounds);
        for (Service service : services) {
            Round median = Round.median(service.rounds);
            System.out.printf(
                    "medians: %s %s; 99%% %.2f times %s's%n",
                    service.name, median, median.p99 / first.p99, services.get(0).name);
        }
    }
}
