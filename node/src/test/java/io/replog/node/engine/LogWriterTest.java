package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.web.FakeLog;
import io.replog.storage.DataDirectory;
import io.replog.storage.Disk;
import io.replog.storage.DiskFullException;
import io.replog.storage.FileDisk;
import io.replog.storage.StorageOptions;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final int BIG = 900 << 10;

    /** A disk without room for new files, while a test says so. */
    private static final class FullDisk implements Disk {
        private final Disk delegate;
        volatile boolean full;
        final CountDownLatch refused = new CountDownLatch(3);

        FullDisk(Disk delegate) {
            this.delegate = delegate;
        }

        @Override
        public File open(String name) throws IOException {
            File file = delegate.open(name);
            boolean rollback = name.startsWith("rollbacks/");
            return (File) Proxy.newProxyInstance(
                    File.class.getClassLoader(), new Class<?>[] {File.class}, (_, method, arguments) -> {
                        if (rollback && full && method.getName().equals("write")) {
                            refused.countDown();
                            throw new DiskFullException("full");
                        }
                        return method.invoke(file, arguments);
                    });
        }

        @Override
        public boolean exists(String name) throws IOException {
            return delegate.exists(name);
        }

        @Override
        public List<String> list(String folder) throws IOException {
            return delegate.list(folder);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            delegate.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            delegate.delete(name);
        }

        @Override
        public void forceFolder(String folder) throws IOException {
            delegate.forceFolder(folder);
        }
    }

    /** Whether the disk was full, as it was told. */
    private static final class HeardRoom implements EngineListener {
        final List<Boolean> heard = new CopyOnWriteArrayList<>();

        @Override
        public void roleChanged(Effect.RoleChanged change, ReplicaStatus status) {}

        @Override
        public void membershipChanged(Effect.MembershipChanged change, ReplicaStatus status) {}

        @Override
        public void stranded(Effect.Stranded effect, ReplicaStatus status) {}

        @Override
        public void peerRejected(Effect.PeerRejected effect, ReplicaStatus status) {}

        @Override
        public void diskFull(boolean full, ReplicaStatus status) {
            heard.add(full);
        }

        @Override
        public void published(ReplicaStatus previous, ReplicaStatus status) {}
    }

    @TempDir
    Path folder;

    private final BlockingQueue<Input> notices = new LinkedBlockingQueue<>();
    private final List<String> halts = new ArrayList<>();
    private final Halt halt = (reason, _) -> halts.add(reason);
    private final HeardRoom room = new HeardRoom();
    private FileDisk files;
    private FullDisk disk;
    private DataDirectory directory;
    private LogWriter writer;

    @BeforeEach
    void open() {
        files = FileDisk.open(folder);
        disk = new FullDisk(files);
        directory = DataDirectory.open(disk, new NodeId("a"), StorageOptions.DEFAULT, () -> 1);
        writer = new LogWriter(
                directory.log(),
                notices::add,
                new DiskRoom(
                        room, EngineMeters.NONE, () -> FakeLog.leaderOfThree().status()),
                EngineMeters.NONE,
                new LogDamage(directory, halt),
                halt,
                "log-writer");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        writer.giveUpWaits();
        writer.stopAndWait();
        directory.close();
        files.close();
        assertThat(halts).isEmpty();
    }

    @Test
    void forces_once_for_what_waits_together() throws InterruptedException {
        // given
        for (int index = 1; index <= 100; index++) {
            append(1, List.of(entry(index, 10)));
        }

        // when
        writer.start();

        // then
        assertThat(notice()).isEqualTo(new Input.LogFlushed(1, 100));
    }

    @Test
    void forces_before_it_took_more_than_a_group_may_have() throws InterruptedException {
        // given more than one group
        int count = (int) (LogWriter.MAX_GROUP_BYTES / BIG) * 2;
        for (int index = 1; index <= count; index++) {
            append(1, List.of(entry(index, BIG)));
        }

        // when
        writer.start();

        // then
        assertThat(notice()).isInstanceOfSatisfying(Input.LogFlushed.class, first -> assertThat(first.index() * BIG)
                .isBetween(LogWriter.MAX_GROUP_BYTES - BIG, LogWriter.MAX_GROUP_BYTES + BIG));
        Input last = notice();
        while (!last.equals(new Input.LogFlushed(1, count))) {
            last = notice();
        }
    }

    @Test
    void a_cut_waits_for_room_on_a_full_disk_and_halts_nothing() throws Exception {
        // given
        writer.start();
        append(1, List.of(entry(1, 10), entry(2, 10)));
        notice();
        disk.full = true;

        // when it tried more than once
        CompletableFuture<Boolean> cut = cutInAnotherThread(2);
        assertThat(disk.refused.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        // then nothing is cut, and what is there can be read
        assertThat(cut).isNotDone();
        assertThat(directory.log().reader().durableIndex()).isEqualTo(2);

        // when there is room again
        disk.full = false;

        // then
        assertThat(cut.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.log().reader().durableIndex()).isEqualTo(1);
        try (Stream<Path> kept = Files.list(folder.resolve("rollbacks"))) {
            assertThat(kept).hasSize(1);
        }
        append(2, List.of(entry(2, 10)));
        assertThat(notice()).isEqualTo(new Input.LogFlushed(2, 2));
        assertThat(room.heard).containsExactly(true, false);
    }

    @Test
    void a_node_that_stops_does_not_wait_for_room() throws Exception {
        // given
        writer.start();
        append(1, List.of(entry(1, 10), entry(2, 10)));
        notice();
        disk.full = true;
        CompletableFuture<Boolean> cut = cutInAnotherThread(2);
        assertThat(disk.refused.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        // when
        writer.giveUpWaits();

        // then
        assertThat(cut.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
        assertThat(directory.log().reader().durableIndex()).isEqualTo(2);
    }

    private void append(long term, List<LogEntry> entries) {
        writer.append(term, entries, 0);
        writer.wake();
    }

    private CompletableFuture<Boolean> cutInAnotherThread(long fromIndex) {
        CompletableFuture<Boolean> cut = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                cut.complete(writer.truncateAndWait(fromIndex));
            } catch (InterruptedException e) {
                cut.completeExceptionally(e);
            }
        });
        return cut;
    }

    private Input notice() throws InterruptedException {
        Input notice = notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(notice)
                .as("a notice within " + Duration.ofSeconds(PATIENCE_SECONDS))
                .isNotNull();
        return notice;
    }

    private static LogEntry entry(long index, int bytes) {
        return EntryCodec.frame(
                new EntryHeader(index, 1, 1, 0, index, 0),
                EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(new byte[bytes]))));
    }
}
