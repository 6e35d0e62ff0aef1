package io.replog.cli.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Kills the nodes of a cluster when this program is gone, even where it had no chance to do so itself (SIGKILL). A small
 * process beside the nodes, not in them: it reads a pipe of which this program holds the other end, and acts when the pipe
 * ends. It kills stopped processes too, and nothing that this program has seen end. Thread-safe.
 */
final class NodeGuard implements AutoCloseable {
    /** Remembers the process ids in its arguments; Ctrl-C in the terminal, which hits all processes, is not for it. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            folder=$1
            shift
            while read -r change pid; do
              case $change in
                +) set -- "$@" "$pid" ;;
                -) for each; do
                     shift
                     [ "$each" = "$pid" ] || set -- "$@" "$each"
                   done ;;
              esac
            done
            [ $# = 0 ] || kill -KILL "$@" 2>/dev/null
            rm -rf -- "$folder" || { sleep 1; rm -rf -- "$folder"; }
            """;

    private final Process process;
    private final OutputStream pipe;

    /** @param folder removed at last, with all that is in it */
    NodeGuard(Path folder) {
        try {
            process = new ProcessBuilder(List.of("sh", "-c", SCRIPT, "replog-guard", folder.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            pipe = process.getOutputStream();
        } catch (IOException e) {
            throw new ClusterException("cannot start 'sh', which is to end the nodes: " + e.getMessage(), e);
        }
    }

    /** From now on, and until it ends, {@code node} does not outlive this program. */
    void watch(Process node) {
        tell("+ " + node.pid());
        Thread.ofVirtual().name("guard-" + node.pid()).start(() -> forget(node));
    }

    /** When it has ended, its process id may soon be that of another process. */
    private void forget(Process node) {
        try {
            node.waitFor();
            tell("- " + node.pid());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tell(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            // The guard ends with the cluster, or was killed by somebody: closing the cluster ends the nodes all the
            // same.
            return;
        }
    }

    /** Ends what still runs, waits for it, and removes the folder. */
    @Override
    public void close() {
        try {
            pipe.close();
            process.waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
