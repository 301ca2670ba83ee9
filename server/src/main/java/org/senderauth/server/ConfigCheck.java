package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.MonotonicClock;

/** Checks a configuration without starting the service ({@code serve --check}). */
public final class ConfigCheck {

    private ConfigCheck() {}

    /**
     * Reads a configuration and reports all that is wrong with it, without starting anything. It tries to connect to Redis,
     * for five seconds at most.
     *
     * @param file the configuration file
     * @return what is not an error but probably not meant, such as a Redis that does not answer; empty if there is nothing
     * @throws IOException if it cannot be read
     * @throws ConfigException if anything is wrong with it
     */
    public static List<String> run(Path file) throws IOException, ConfigException {
        String text = ConfigFile.text(file);
        ServeConfig config = ConfigReader.read(file, text);
        new PolicyFactory(
                config,
                new PersistentState(
                        InstantSource.system(),
                        MonotonicClock.system(),
                        config.steps().callout().limits()),
                Runnable::run,
                Observers.NONE);
        List<String> notes = new ArrayList<>(ConfigNotes.of(config));
        notes.addAll(ConfigNotes.ofFiles(file, text));
        if (config.redis() != null) {
            Optional<String> cause = RedisServices.tryOut(config.redis());
            if (cause.filter(RedisServices::isOfSettings).isPresent()) {
                throw new ConfigException(List.of(file + ": redis: " + cause.get()));
            }
            cause.ifPresent(why ->
                    notes.add("redis: unavailable, tried for " + RedisServices.TRIAL.toSeconds() + " s: " + why));
        }
        return notes;
    }
}
