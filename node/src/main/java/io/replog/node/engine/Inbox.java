package io.replog.node.engine;

import io.replog.core.replica.Input;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the replica's thread: many threads put, one takes. Requests are bounded by number; inputs of the engine
 * itself (flush notices, reads) are not, for each answers an effect, of which the replica bounds the number. Appends have a
 * queue of their own, in which they wait until they make a batch; all else is taken at once.
 *
 * <p>A producer wakes the consumer only where it sleeps and has something to take: under load a hand-over costs no system
 * call.
 */
final class Inbox {
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final Queue<Submission> appends = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong appendBytes = new AtomicLong();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final int maxRequests;
    private final Runnable wakeup;
    private volatile long wantedBytes = 1;

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
        if (submission.input() instanceof Input.Append) {
            appends.add(submission);
            if (appendBytes.addAndGet(submission.reservedBytes()) >= wantedBytes) {
                wake();
            }
        } else {
            put(submission);
        }
        return true;
    }

    void put(Input input) {
        put((Object) input);
    }

    private void put(Object element) {
        queue.add(element);
        wake();
    }

    private void wake() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            wakeup.run();
        }
    }

    /** The next {@link Submission} or {@link Input} that is no append, null where there is none. For the consumer. */
    @Nullable Object take() {
        Object next = queue.poll();
        if (next instanceof Submission) {
            requests.decrementAndGet();
        }
        return next;
    }

    /** The next append, null where there is none. For the consumer. */
    @Nullable Submission takeAppend() {
        Submission next = appends.poll();
        if (next != null) {
            requests.decrementAndGet();
            appendBytes.addAndGet(-next.reservedBytes());
        }
        return next;
    }

    /** Bytes of the appends that wait. */
    long appendBytes() {
        return appendBytes.get();
    }

    /** For how long the oldest append has waited, in nanoseconds; 0 where none does. For the consumer. */
    long oldestAppendAge(long now) {
        Submission oldest = appends.peek();
        return oldest == null ? 0 : now - oldest.since();
    }

    /**
     * Says that the consumer is about to sleep until something comes; false where it must not, since something waits.
     *
     * @param bytes of appends that it wants to be woken for
     */
    boolean fallAsleep(long bytes) {
        wantedBytes = bytes;
        sleeping.set(true);
        if (queue.isEmpty() && appendBytes.get() < bytes) {
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
