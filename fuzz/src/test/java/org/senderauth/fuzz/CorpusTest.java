package org.senderauth.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kept input, and thousands of mutations of each, pass every target without an exception. */
class CorpusTest {

    private static final int MUTATIONS = 2000;
    private static final int MAX_CHANGES = 8;

    static Iterable<String> targets() {
        return Targets.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void readsEachKeptInputAndItsMutations(String name) throws IOException {
        Consumer<byte[]> target = Targets.all().get(name);
        Map<String, byte[]> seeds = Targets.read(name);
        assertThat(seeds).as("seeds of " + name).isNotEmpty();
        seeds.values().forEach(target);
        List<byte[]> all = List.copyOf(seeds.values());
        for (int seed = 0; seed < MUTATIONS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] input = mutation(all.get(seed % all.size()), all, random);
            try {
                target.accept(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + ", mutation " + seed + ": " + Arrays.toString(input), e);
            }
        }
    }

    private static byte[] mutation(byte[] seed, List<byte[]> all, SplittableRandom random) {
        byte[] input = seed.clone();
        for (int change = random.nextInt(MAX_CHANGES); change >= 0 && input.length > 0; change--) {
            int at = random.nextInt(input.length);
            int part = Math.min(input.length - at, 1 + random.nextInt(16));
            switch (random.nextInt(5)) {
                case 0 -> input[at] = (byte) random.nextInt(256);
                case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> input = join(input, at, new byte[0], at + part);
                case 3 -> input = join(input, at, Arrays.copyOfRange(input, at, at + part), at);
                default -> {
                    byte[] other = all.get(random.nextInt(all.size()));
                    input = join(input, at, other, at + part);
                }
            }
        }
        return input;
    }

    private static byte[] join(byte[] input, int end, byte[] middle, int start) {
        byte[] joined = Arrays.copyOf(input, end + middle.length + input.length - start);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(input, start, joined, end + middle.length, input.length - start);
        return joined;
    }
}
