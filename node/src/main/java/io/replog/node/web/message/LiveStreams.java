package io.replog.node.web.message;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The streams that would never end by themselves, so that the node can end them when it stops: before the web server
 * begins to wait for requests that are under way. Thread-safe.
 *
 * <p>A stream that waits is interrupted. One that writes is not, for that would close its connection in the midst of an
 * event: it ends when it comes to its next wait, unless its reader lets it stand for longer than a node may take to stop.
 */
public final class LiveStreams implements SmartLifecycle {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Set<Thread> streams = new HashSet<>();
    private final Set<Thread> waiting = new HashSet<>();
    private boolean running;

    /** Something that is written to for as long as its reader and this node are there. */
    @FunctionalInterface
    public interface Stream {
        /** To wait by {@link LiveStreams#await} only. */
        void run() throws IOException, InterruptedException;
    }

    /** What a stream waits for. */
    @FunctionalInterface
    public interface Wait<T> {
        T await() throws InterruptedException;
    }

    /** Runs {@code stream} on this thread until it ends, or the node stops. */
    public void run(Stream stream) throws IOException {
        Thread thread = Thread.currentThread();
        if (!begin(thread)) {
            return;
        }
        try {
            stream.run();
        } catch (InterruptedException e) {
            // The node stops: the stream ends here, and its reader goes on at another node.
            if (isRunning()) {
                thread.interrupt();
            }
        } finally {
            end(thread);
        }
    }

    /**
     * Waits on a stream's thread.
     *
     * @throws InterruptedException where the node stops
     */
    public <T> T await(Wait<T> wait) throws InterruptedException {
        Thread thread = Thread.currentThread();
        synchronized (this) {
            if (!running) {
                throw new InterruptedException("the node stops");
            }
            waiting.add(thread);
        }
        try {
            return wait.await();
        } finally {
            synchronized (this) {
                waiting.remove(thread);
                forgetInterrupt();
            }
        }
    }

    private synchronized boolean begin(Thread thread) {
        return running && streams.add(thread);
    }

    private synchronized void end(Thread thread) {
        streams.remove(thread);
        forgetInterrupt();
        notifyAll();
    }

    /** One that came when the wait was over: what is still to be written, the end of the answer at least, must not meet it. */
    private void forgetInterrupt() {
        if (!running) {
            Thread.interrupted();
        }
    }

    @Override
    public synchronized void start() {
        running = true;
    }

    @Override
    public synchronized void stop() {
        running = false;
        waiting.forEach(Thread::interrupt);
        try {
            long deadline = System.nanoTime() + GRACE.toNanos();
            for (long left = GRACE.toNanos(); !streams.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.forEach(Thread::interrupt);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
