package org.senderauth.server;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The process of a service. Everything that is logged goes through one {@link LogQueue}; the death of a thread
 * that is needed ends the process ({@link FailurePolicy}) with the status {@value #FAILED}; SIGTERM ends it in bounded
 * time. One for each process. Thread-safe.
 */
public final class ServiceProcess {

    /** The exit status after a failure: EX_TEMPFAIL (sysexits.h), since a new start may help. */
    public static final int FAILED = 75;

    /** The time that the service may take to stop; then the process ends anyway. */
    public static final Duration STOP_TIME = Duration.ofSeconds(20);

    private final LogQueue log;
    private final FailurePolicy failures;
    private final AtomicBoolean ending = new AtomicBoolean();

    private final Duration stopTime;

    private ServiceProcess(LogQueue log, Duration stopTime) {
        this.log = log;
        this.stopTime = stopTime;
        this.failures = new FailurePolicy(log, this::fail);
    }

    /**
     * Runs the service until the process ends. SIGHUP reloads the configuration, also one that comes during the start.
     * Returns only by an exception.
     *
     * @param config the configuration file
     * @param statusFile where the verdict of each reload is written ({@link ReloadStatus}); null for nowhere
     * @param out receives the log
     * @throws IOException if the configuration cannot be read, or an address cannot be listened on
     * @throws ConfigException if the configuration is invalid
     * @throws InterruptedException if the thread is interrupted
     */
    public static void run(Path config, @Nullable Path statusFile, Writer out)
            throws IOException, ConfigException, InterruptedException {
        ServiceProcess process = start(out);
        SystemdNotifier systemd = SystemdNotifier.ofProcess();
        ReloadStatus status = new ReloadStatus(statusFile);
        CompletableFuture<Service> started = new CompletableFuture<>();
        // Before the start: else a SIGHUP during it would end the process. It waits until there is something to reload.
        boolean signals = SighupHandler.onSignal(() -> process.reload(started, status, systemd));
        Service service;
        try {
            service = Service.start(config, process, InstantSource.system());
        } catch (IOException | ConfigException | RuntimeException e) {
            process.log().close();
            throw e;
        }
        if (!signals) {
            process.log().line("this platform has no SIGHUP: restart the service after a change of its configuration");
        }
        process.closeAtEnd(service);
        status.write(List.of());
        started.complete(service);
        process.log().line("ready");
        systemd.ready(service.summary());
        process.awaitEnd();
    }

    private void reload(CompletableFuture<Service> started, ReloadStatus status, SystemdNotifier systemd) {
        Service service = started.join();
        List<String> problems = service.reloadProblems();
        try {
            status.write(problems);
        } catch (IOException e) {
            log.line("failed to write the reload status: " + LogText.safe(ErrorText.of(e)));
        }
        systemd.status(problems.isEmpty() ? service.summary() : service.summary() + "; the last reload was rejected");
    }

    /**
     * Prepares this process for a service.
     *
     * @param out where the log is written
     * @return the process
     */
    public static ServiceProcess start(Writer out) {
        return start(out, STOP_TIME);
    }

    /** As {@link #start(Writer)}, with another time for the service to stop. */
    static ServiceProcess start(Writer out, Duration stopTime) {
        ServiceProcess process =
                new ServiceProcess(LogQueue.start(out, JournalPriority.prefixes(System.getenv())), stopTime);
        LogHandler.install(process.log, process.failures);
        Thread.setDefaultUncaughtExceptionHandler(process.failures);
        // dnsjava would close its selector at SIGTERM, while requests under way still need it.
        System.setProperty("dnsjava.nio.register_shutdown_hook", "false");
        return process;
    }

    /**
     * The log of the process.
     *
     * @return the log, open until the process ends
     */
    public LogQueue log() {
        return log;
    }

    FailurePolicy failures() {
        return failures;
    }

    /**
     * Reports that a part which the service needs stopped because of an error, and ends the process.
     *
     * @param part its name, for the message
     * @param cause why it stopped
     */
    public void terminated(String part, Throwable cause) {
        failures.terminated(part, cause);
    }

    // Without the hooks of an orderly exit: they need threads and memory, and may wait for what has failed.
    private void fail(String reason) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        try {
            log.line("fatal: " + LogText.safe(reason) + "; the process ends");
            log.close();
        } finally {
            Runtime.getRuntime().halt(FAILED);
        }
    }

    /**
     * From now on closes the service at SIGTERM or SIGINT, and waits at most {@link #STOP_TIME} for it.
     *
     * @param service what runs
     */
    public void closeAtEnd(AutoCloseable service) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service), "senderauth-stop"));
    }

    /**
     * Waits for the end of the process, and ends it when the system gives it no threads. Does not return.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        ThreadSupply supply = new ThreadSupply(ThreadSupply::startThread);
        while (true) {
            Thread.sleep(ThreadSupply.INTERVAL.toMillis());
            if (!supply.check()) {
                fail("no thread can be started");
            }
        }
    }

    private void stop(AutoCloseable service) {
        // Whatever fails from here on changes nothing: the process ends.
        ending.set(true);
        log.line("stopping");
        Thread closer = new Thread(() -> close(service), "senderauth-close");
        closer.setDaemon(true);
        try {
            closer.start();
            closer.join(stopTime.toMillis());
            log.line(closer.isAlive() ? "stopped without waiting any longer for what is under way" : "stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
        }
    }

    private void close(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            log.line("failed to stop in good order: " + LogText.safe(FailurePolicy.text(e)));
        }
    }
}
