package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThresholdWaitersTest {
    private final AtomicLong number = new AtomicLong();
    private final ThresholdWaiters waiters = new ThresholdWaiters(number::get);

    @Test
    void does_not_wait_for_what_is_reached() throws InterruptedException {
        number.set(7);

        assertThat(waiters.await(7, Deadline.NONE)).isTrue();
    }

    @Test
    void gives_up_at_the_deadline_and_forgets_the_waiter() throws InterruptedException {
        assertThat(waiters.await(1, Deadline.after(Duration.ofMillis(10)))).isFalse();
        assertThat(waiters.count()).isZero();
        assertThat(waiters.isDue(1)).isFalse();
    }

    @Test
    void wakes_exactly_those_whose_number_is_reached() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // given
            List<Future<Boolean>> waits = new ArrayList<>();
            for (int threshold = 1; threshold <= 1000; threshold++) {
                long awaited = threshold;
                waits.add(threads.submit(() -> waiters.await(awaited, Deadline.NONE)));
            }
            awaitCount(1000);
            assertThat(waiters.isDue(0)).isFalse();
            assertThat(waiters.isDue(1)).isTrue();

            // when
            number.set(400);
            waiters.wake();

            // then
            for (Future<Boolean> wait : waits.subList(0, 400)) {
                assertThat(wait.get()).isTrue();
            }
            assertThat(waiters.count()).isEqualTo(600);
            assertThat(waiters.isDue(400)).isFalse();

            // when
            waiters.wakeAll();

            // then
            for (Future<Boolean> wait : waits.subList(400, 1000)) {
                assertThat(wait.get()).isFalse();
            }
            assertThat(waiters.count()).isZero();
        }
    }

    private void awaitCount(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (waiters.count() < count) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
