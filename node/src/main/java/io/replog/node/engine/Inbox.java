package io.replog.node.engine;

import io.replog.core.replica.Input;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the replica's thread: many threads put, one takes. Requests are bounded by number; inputs of the engine
 * itself (flush notices, reads) are not, for each answers an effect, of which the replica bounds the number.
 *
 * <p>A producer wakes the consumer only where it sleeps: under load a hand-over costs no system call.
 */
final class Inbox {
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final int maxRequests;
    private final Runnable wakeup;

    /** @param wakeup wakes the consumer, from any thread */
    Inbox(int maxRequests, Runnable wakeup) {
        this.maxRequests = maxRequests;
        this.wakeup = wakeup;
    }

    /** False where too many requests wait. */
    boolean offer(Submission submission) {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return false;
        }
        put(submission);
        return true;
    }

    void put(Input input) {
        put((Object) input);
    }

    private void put(Object element) {
        queue.add(element);
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            wakeup.run();
        }
    }

    /** The next {@link Submission} or {@link Input}, null where there is none. For the consumer. */
    @Nullable Object take() {
        Object next = queue.poll();
        if (next instanceof Submission) {
            requests.decrementAndGet();
        }
        return next;
    }

    /** Says that the consumer is about to sleep; false where it must not, since something waits. */
    boolean fallAsleep() {
        sleeping.set(true);
        if (queue.isEmpty()) {
            return true;
        }
        sleeping.set(false);
        return false;
    }

    /** Says that the consumer is awake. */
    void awake() {
        if (sleeping.get()) {
            sleeping.set(false);
        }
    }

    /** Requests that wait. */
    int depth() {
        return requests.get();
    }
}
