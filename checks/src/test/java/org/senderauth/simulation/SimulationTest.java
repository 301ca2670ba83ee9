package org.senderauth.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules of {@link Rules} hold in every simulated order of events, and the simulation finds each planted fault. A
 * failing seed is printed; {@code -Dsimulation.first=SEED -Dsimulation.seeds=1} runs it again.
 */
class SimulationTest {

    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 15);

    /** Seeds within which each planted fault must be found. */
    private static final int SEEDS_TO_FIND = 40;

    @TempDir
    Path folder;

    private Simulation simulation(long seed, PlantedFault fault) {
        try {
            return new Simulation(seed, fault, Files.createTempDirectory(folder, "seed"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void rulesHoldInEveryOrder() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Simulation simulation = simulation(seed, PlantedFault.NONE);
            assertThat(simulation.run()).as("seed %d", seed).isEmpty();
            System.out.println("simulation: seed " + seed + ": " + simulation.figures());
        }
    }

    @Test
    void seedReplaysExactly() {
        Simulation first = simulation(FIRST, PlantedFault.NONE);
        Simulation second = simulation(FIRST, PlantedFault.NONE);
        first.run();
        second.run();
        assertThat(first.trace()).isNotEmpty().isEqualTo(second.trace());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsPlantedFault(PlantedFault fault) {
        for (int seeds = 1; seeds <= SEEDS_TO_FIND; seeds++) {
            List<String> broken = simulation(seeds, fault).run();
            if (!broken.isEmpty()) {
                System.out.println("simulation: " + fault + " found by seed " + seeds + ": " + broken.get(0));
                return;
            }
        }
        throw new AssertionError("no seed found " + fault);
    }
}
