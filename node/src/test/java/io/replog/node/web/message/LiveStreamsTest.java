package io.replog.node.web.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveStreamsTest {
    private final LiveStreams streams = new LiveStreams();

    @Test
    void aStreamThatWaitsEndsWhenTheNodeStops() throws Exception {
        // given
        streams.start();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = run(() -> streams.await(() -> {
            waits.countDown();
            never.await();
            return true;
        }));
        waits.await();

        // when
        streams.stop();

        // then
        assertThat(interrupted.get(10, TimeUnit.SECONDS))
                .as("interrupted behind its end")
                .isFalse();
    }

    @Test
    void aStreamThatWritesIsNotInterruptedButEndsAtItsNextWait() throws Exception {
        // given
        streams.start();
        CountDownLatch writes = new CountDownLatch(1);
        CompletableFuture<Boolean> interruptedInWrite = new CompletableFuture<>();
        AtomicBoolean waited = new AtomicBoolean();
        CompletableFuture<Boolean> interrupted = run(() -> {
            writes.countDown();
            while (streams.isRunning()) {
                Thread.onSpinWait();
            }
            interruptedInWrite.complete(Thread.currentThread().isInterrupted());
            streams.await(() -> waited.compareAndSet(false, true));
        });
        writes.await();

        // when
        streams.stop();

        // then
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(interruptedInWrite.join()).isFalse();
        assertThat(waited).as("waited once more").isFalse();
    }

    @Test
    void aStreamWhoseReaderLetsItStandIsInterruptedInTheEnd() throws Exception {
        // given
        streams.start();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch writes = new CountDownLatch(1);
        CompletableFuture<Boolean> ended = run(() -> {
            writes.countDown();
            never.await();
        });
        writes.await();

        // when
        streams.stop();

        // then
        assertThat(ended.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void noStreamBeginsOnceTheNodeStops() throws Exception {
        // given
        streams.start();
        streams.stop();
        CompletableFuture<Boolean> began = new CompletableFuture<>();

        // when
        run(() -> began.complete(true)).get(10, TimeUnit.SECONDS);

        // then
        assertThat(began).isNotDone();
    }

    /** Completes when the stream has ended, with whether its thread is interrupted then. */
    private CompletableFuture<Boolean> run(LiveStreams.Stream stream) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                streams.run(stream);
                ended.complete(Thread.currentThread().isInterrupted());
            } catch (Exception e) {
                ended.completeExceptionally(e);
            }
        });
        return ended;
    }
}
