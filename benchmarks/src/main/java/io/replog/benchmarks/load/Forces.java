package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * What the disk alone allows: three threads, each with a preallocated file where the nodes' logs would lie, write one message and
 * force it at the same time, and go on when all three have. That is one connection; with more, messages would share forces.
 */
final class Forces implements Load {
    private static final int FILES = 3;
    private static final int FILE_BYTES = 1 << 24;

    /** What a frame adds to a message. */
    private static final int HEADER_BYTES = 32;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Path folder = Files.createTempDirectory("replog-benchmark");
    private final int bytes;

    /** @param messageBytes of each message, without the header that is added */
    Forces(int messageBytes) throws IOException {
        bytes = HEADER_BYTES + messageBytes;
        for (int i = 0; i < FILES; i++) {
            Files.write(file(i), new byte[FILE_BYTES]);
        }
    }

    private Path file(int number) {
        return folder.resolve("log-" + number);
    }

    @Override
    public int mostConnections() {
        return 1;
    }

    @Override
    public ClosedLoop.Result run(int connections, Duration warmUp, Duration measured) throws IOException {
        Rounds rounds = new Rounds(warmUp, measured);
        CyclicBarrier allForced = new CyclicBarrier(FILES, rounds);
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path file = file(i);
            writers.add(() -> write(file, rounds, allForced));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(FILES)) {
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the files were not forced", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new ClosedLoop.Result(rounds.counted / (measured.toNanos() / 1e9), rounds.latency);
    }

    private Void write(Path file, Rounds rounds, CyclicBarrier allForced)
            throws IOException, InterruptedException, BrokenBarrierException, TimeoutException {
        ByteBuffer message = ByteBuffer.allocateDirect(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
            allForced.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
            for (int at = 0; !rounds.ended; at = (at + bytes) % (FILE_BYTES - bytes)) {
                channel.write(message.clear(), at);
                channel.force(false);
                allForced.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        for (int i = 0; i < FILES; i++) {
            Files.delete(file(i));
        }
        Files.delete(folder);
    }

    /** Counts a round when the last thread has ended it; the others wait meanwhile, so that no field needs a lock. */
    private static final class Rounds implements Runnable {
        private final Duration warmUp;
        private final Duration measured;
        private final Histogram latency = new Histogram(LONGEST.toNanos(), 3);
        private long begin;
        private long last;
        private long counted;
        private boolean started;
        private boolean ended;

        Rounds(Duration warmUp, Duration measured) {
            this.warmUp = warmUp;
            this.measured = measured;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            if (!started) {
                started = true;
                begin = now + warmUp.toNanos();
            } else if (now >= begin + measured.toNanos()) {
                ended = true;
            } else if (now >= begin) {
                counted++;
                latency.recordValue(Math.min(now - last, LONGEST.toNanos()));
            }
            last = now;
        }
    }
}
