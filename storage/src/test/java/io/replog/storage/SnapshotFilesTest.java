package io.replog.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvMap;
import io.replog.core.quorum.Membership;
import io.replog.core.session.SessionTable;
import io.replog.core.statemachine.StateSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFilesTest {
    @TempDir
    Path folder;

    private FileDisk disk;
    private SnapshotFiles files;

    @BeforeEach
    void open() {
        disk = FileDisk.open(folder);
        files = new SnapshotFiles(disk);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private static StateSnapshot snapshot(long index, int keys) {
        KvMap kv = KvMap.EMPTY;
        for (int at = 0; at < keys; at++) {
            kv = kv.with(new KvMap.Entry("key" + at, "value of key " + at, at + 1));
        }
        return new StateSnapshot(index, 3, 0, 2, Membership.EMPTY, kv, SessionTable.Snapshot.EMPTY);
    }

    @Test
    void givesTheNewestBack() throws IOException {
        files.save(snapshot(10, 20_000));
        files.save(snapshot(20, 30_000));

        StateSnapshot newest = files.newest(100);

        assertThat(newest.index()).isEqualTo(20);
        assertThat(newest.term()).isEqualTo(3);
        assertThat(newest.kv().size()).isEqualTo(30_000);
        assertThat(newest.kv().get("key29999")).isEqualTo(new KvMap.Entry("key29999", "value of key 29999", 30_000));
    }

    @Test
    void pausesAfterEachPiece() throws IOException {
        AtomicInteger pauses = new AtomicInteger();

        files.save(snapshot(10, 100_000), pauses::incrementAndGet);

        long megabytes = Files.size(folder.resolve("snapshots/00000000000000000010.snapshot")) >> 20;
        assertThat(megabytes).isGreaterThan(2);
        assertThat(pauses.get()).isBetween((int) megabytes - 1, (int) megabytes);
        assertThat(files.newest(10).kv().size()).isEqualTo(100_000);
    }

    @Test
    void keepsTwo() throws IOException {
        files.save(snapshot(10, 1));
        files.save(snapshot(20, 1));
        files.save(snapshot(30, 1));

        assertThat(disk.list("snapshots"))
                .containsExactly("00000000000000000020.snapshot", "00000000000000000030.snapshot");
    }

    @Test
    void takesTheOneBeforeADamagedOne() throws IOException {
        files.save(snapshot(10, 5));
        files.save(snapshot(20, 5));
        Path newest = folder.resolve("snapshots/00000000000000000020.snapshot");
        byte[] bytes = Files.readAllBytes(newest);
        for (int place : new int[] {0, 20, bytes.length / 2, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[place] ^= 4;
            Files.write(newest, damaged);

            assertThat(files.newest(100).index()).isEqualTo(10);
        }
        Path other = folder.resolve("snapshots/00000000000000000010.snapshot");
        Files.write(other, Arrays.copyOf(bytes, 30));

        assertThat(files.newest(100)).as("so that the log is read").isEqualTo(StateSnapshot.EMPTY);
    }

    @Test
    void takesTheOneBeforeAShortenedOne() throws IOException {
        files.save(snapshot(10, 5));
        files.save(snapshot(20, 5));
        Path newest = folder.resolve("snapshots/00000000000000000020.snapshot");
        byte[] bytes = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(bytes, bytes.length - 9));

        assertThat(files.newest(100).index()).isEqualTo(10);
    }

    @Test
    void passesOverOneThatIsAheadOfTheLog() throws IOException {
        files.save(snapshot(10, 5));
        files.save(snapshot(20, 5));

        assertThat(files.newest(19).index()).isEqualTo(10);
        assertThat(files.newest(9)).isEqualTo(StateSnapshot.EMPTY);
    }
}
