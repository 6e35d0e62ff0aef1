package io.replog.benchmarks.log;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.storage.DataDirectory;
import io.replog.storage.FileDisk;
import io.replog.storage.SegmentedLog;
import io.replog.storage.StorageOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A log in a folder of its own, below the system property {@code replog.benchmark-dir}, with its maintenance thread. */
final class BenchmarkLog implements AutoCloseable {
    private static final int MESSAGE_BYTES = 100;

    private final Path folder;
    private final FileDisk disk;
    private final DataDirectory directory;
    private final Thread maintenance;
    private final EncodedRequest request;
    private volatile boolean stopped;

    BenchmarkLog() throws IOException {
        Path parent = Path.of(System.getProperty("replog.benchmark-dir", "target"));
        folder = Files.createTempDirectory(Files.createDirectories(parent), "log-benchmark");
        disk = FileDisk.open(folder.resolve("data"));
        directory = DataDirectory.open(disk, new NodeId("benchmark"), StorageOptions.DEFAULT, () -> 1);
        request = EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(new byte[MESSAGE_BYTES])));
        maintenance = Thread.ofPlatform().daemon().unstarted(this::maintain);
        log().onMaintenanceDue(() -> LockSupport.unpark(maintenance));
        log().maintain();
        maintenance.start();
    }

    SegmentedLog log() {
        return directory.log();
    }

    /** The next entries of a message of 100 bytes each. */
    List<LogEntry> next(int count) {
        long last = log().lastIndex();
        List<LogEntry> entries = new ArrayList<>(count);
        for (long index = last + 1; index <= last + count; index++) {
            entries.add(EntryCodec.frame(new EntryHeader(index, 1, 1, 0, index, index - 1), request));
        }
        return entries;
    }

    private void maintain() {
        while (!stopped) {
            try {
                log().maintain();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(this, 1_000_000_000L);
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        LockSupport.unpark(maintenance);
        try {
            maintenance.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        directory.close();
        disk.close();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
