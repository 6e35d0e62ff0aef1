package io.replog.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers on many threads beside the one that writes, and cuts. */
class ConcurrentReadTest {
    private static final StorageOptions SMALL = new StorageOptions(16 << 10, 4096, 8192, 512, 2048);

    @TempDir
    Path folder;

    private final EntrySource source = new EntrySource();
    private FileDisk disk;
    private DataDirectory directory;

    @BeforeEach
    void open() {
        disk = FileDisk.open(folder);
        directory = DataDirectory.open(disk, new NodeId("master"), SMALL, () -> 1);
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
        disk.close();
    }

    private void append(String prefix, int count) throws IOException {
        directory.log().append(source.messages(prefix, count), 0);
        directory.log().force();
    }

    @Test
    void seesAConsistentLogWhileItGrowsAndIsCut() throws Exception {
        append("first", 100);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newCachedThreadPool()) {
            List<Future<Long>> scans = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                scans.add(readers.submit(scanUntil(done)));
            }
            Future<Long> looks = readers.submit(lookUpUntil(done));
            SplittableRandom random = new SplittableRandom(5);
            for (int round = 1; round <= 60; round++) {
                append("round" + round + "-", 20 + random.nextInt(60));
                directory.log().maintain();
                if (round % 4 == 0) {
                    long from = 1 + random.nextLong(directory.log().lastIndex());
                    directory.log().truncateFrom(from);
                    source.term(round).behind(from - 1, from - 1);
                }
            }
            done.set(true);

            for (Future<Long> scan : scans) {
                assertThat(scan.get()).isPositive();
            }
            assertThat(looks.get()).isPositive();
        }
    }

    /** Scans again and again: indexes must follow each other, terms never fall. */
    private Callable<Long> scanUntil(AtomicBoolean done) {
        return () -> {
            long scanned = 0;
            do {
                long index = 0;
                long term = 0;
                for (Iterator<LogEntry> entries = directory.log().reader().scan(1); entries.hasNext(); ) {
                    LogEntry entry = entries.next();
                    assertThat(entry.firstIndex()).isEqualTo(index + 1);
                    assertThat(entry.term()).isGreaterThanOrEqualTo(term);
                    index = entry.lastIndex();
                    term = entry.term();
                    scanned++;
                }
            } while (!done.get());
            return scanned;
        };
    }

    private Callable<Long> lookUpUntil(AtomicBoolean done) {
        return () -> {
            SplittableRandom random = new SplittableRandom(6);
            LogReader reader = directory.log().reader();
            long found = 0;
            do {
                long id = 1 + random.nextLong(1 + reader.durableId());
                Optional<LogEntry> entry = reader.entryOfMessage(id);
                if (entry.isPresent()) {
                    assertThat(entry.get().lastId()).isEqualTo(id);
                    found++;
                }
                reader.digest(id);
                reader.read(id, 3000);
            } while (!done.get());
            return found;
        };
    }

    @Test
    void survivesAReaderThatIsInterrupted() throws Exception {
        append("m", 500);
        Thread reader = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            directory.log().reader().entryAt(250);
        });
        reader.join();

        append("later", 10);

        assertThat(EntrySource.texts(() -> directory.log().reader().scan(1))).hasSize(510);
    }

    @Test
    void givesAnInterruptedReaderItsEntryAndKeepsTheInterrupt() throws Exception {
        append("m", 500);
        List<Object> seen = new ArrayList<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            seen.add(directory.log().reader().entryAt(250).map(LogEntry::lastIndex));
            seen.add(Thread.currentThread().isInterrupted());
        });
        reader.join();

        assertThat(seen).containsExactly(Optional.of(250L), true);
    }

    @Test
    void reservesFromManyThreadsWithoutLosingCount() throws Exception {
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> reservations = new ArrayList<>();
            for (int request = 0; request < 200; request++) {
                reservations.add(requests.submit(() -> {
                    directory.log().reserve(700);
                    return 700;
                }));
            }
            for (Future<Integer> reservation : reservations) {
                assertThat(reservation.get()).isEqualTo(700);
            }
        }
        // What 200 threads reserved is there for entries of that size, without another allocation.
        List<LogEntry> entries = new ArrayList<>();
        long bytes = 0;
        while (bytes + 700 <= 200 * 700) {
            LogEntry entry = source.message("x".repeat(600));
            entries.add(entry);
            bytes += entry.length();
        }
        directory.log().append(entries, bytes);
        assertThat(directory.log().force()).isEqualTo(entries.size());
    }
}
