package io.replog.node.web.message;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/**
 * The streams that would never end by themselves, so that the node can end them when it stops: before the web server
 * begins to wait for requests that are under way. Thread-safe.
 */
public final class LiveStreams implements SmartLifecycle {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    /** Something that is written to for as long as its reader and this node are there. */
    @FunctionalInterface
    public interface Stream {
        void run() throws IOException, InterruptedException;
    }

    /** Runs {@code stream} on this thread until it ends, or is interrupted because the node stops. */
    public void run(Stream stream) throws IOException {
        Thread thread = Thread.currentThread();
        threads.add(thread);
        try {
            if (running) {
                stream.run();
            }
        } catch (InterruptedException e) {
            // The node stops: the stream ends here, and its reader goes on at another node.
            if (running) {
                thread.interrupt();
            }
        } finally {
            threads.remove(thread);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        threads.forEach(Thread::interrupt);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
