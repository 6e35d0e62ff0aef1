package io.replog.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Signals to a process of this machine, or of a container on it. */
final class Signals {
    private Signals() {}

    static void stop(long pid) {
        Commands.run("kill", "-STOP", Long.toString(pid));
        awaitStopped(pid);
    }

    static void resume(long pid) {
        Commands.run("kill", "-CONT", Long.toString(pid));
    }

    /**
     * SIGSTOP is sent before it is obeyed: one thread has to run to take note of it and then tells the others, and
     * until then, long on a busy machine, a node can still store and acknowledge.
     */
    static void awaitStopped(long pid) {
        Wait.until("all threads of process " + pid + " stand still", Duration.ofSeconds(10), () -> threads(pid).stream()
                .allMatch(Signals::stopped));
    }

    private static List<Path> threads(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.toList();
        }
    }

    private static boolean stopped(Path thread) {
        try {
            // Without its name, in which anything may stand: "25108 (java) T 1 ...", see proc(5).
            String stat = Files.readString(thread.resolve("stat"));
            return stat.startsWith(" T", stat.lastIndexOf(')') + 1);
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
