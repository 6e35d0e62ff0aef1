package io.replog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final NodeId NODE = new NodeId("master");
    private static final StorageOptions SMALL = new StorageOptions(4096, 1024, 2048, 256, 1024);

    @TempDir
    Path folder;

    private final AtomicLong incarnations = new AtomicLong(100);
    private final EntrySource source = new EntrySource();
    private FileDisk disk;
    private DataDirectory directory;

    @BeforeEach
    void open() {
        disk = FileDisk.open(folder);
        directory = DataDirectory.open(disk, NODE, SMALL, incarnations::incrementAndGet);
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
        disk.close();
    }

    private void reopen() throws IOException {
        close();
        open();
    }

    private void append(List<LogEntry> entries) throws IOException {
        directory.log().append(entries, 0);
        directory.log().force();
    }

    private List<String> stored() {
        return EntrySource.texts(() -> directory.log().reader().scan(1));
    }

    private static List<String> numbered(String prefix, int count) {
        return Stream.iterate(1, number -> number + 1)
                .limit(count)
                .map(number -> prefix + number)
                .toList();
    }

    @Test
    void isBlankWhenItIsNew() {
        assertThat(directory.recovered().lastIndex()).isZero();
        assertThat(directory.recovered().hardState()).isEqualTo(HardState.blank(101));
        assertThat(directory.mustBeRefilled()).isFalse();
        assertThat(directory.damage()).isEmpty();
        assertThat(directory.log().reader().durableIndex()).isZero();
        assertThat(directory.log().reader().entryAt(1)).isEmpty();
        assertThat(directory.log().reader().scan(1).hasNext()).isFalse();
    }

    @Test
    void givesBackAllThatWasAppendedOverManySegments() throws IOException {
        append(List.of(source.noOp()));
        append(source.messages("m", 300));
        append(List.of(source.batch("a", "b", "c"), source.put("k", "v"), source.message("last")));

        reopen();

        assertThat(disk.list("log").stream().filter(name -> name.endsWith(".log")))
                .hasSizeGreaterThan(4);
        assertThat(stored()).hasSize(304).startsWith("m1", "m2").endsWith("m300", "a", "b", "c", "last");
        assertThat(directory.recovered().lastIndex()).isEqualTo(306);
        assertThat(directory.recovered().lastId()).isEqualTo(304);
        assertThat(directory.recovered().lastTerm()).isEqualTo(1);
        assertThat(directory.recovered().controlEntries()).hasSize(1);
        assertThat(EntrySource.texts(directory.recovered().entries())).hasSize(304);
    }

    @Test
    void findsEntriesByIndexAndById() throws IOException {
        append(List.of(source.noOp()));
        append(source.messages("m", 100));
        append(List.of(source.batch("a", "b", "c"), source.put("k", "v"), source.message("last")));
        LogReader reader = directory.log().reader();

        assertThat(reader.entryAt(2).map(LogEntry::firstIndex)).contains(2L);
        assertThat(reader.entryAt(103).map(LogEntry::firstIndex)).contains(102L);
        assertThat(reader.entryAt(107)).isEmpty();
        assertThat(reader.entryOfMessage(57).map(LogEntry::lastIndex)).contains(58L);
        assertThat(reader.entryOfMessage(102).map(LogEntry::firstIndex)).contains(102L);
        assertThat(reader.entryOfMessage(104).map(LogEntry::firstIndex)).contains(106L);
        assertThat(reader.entryOfMessage(105)).isEmpty();
        assertThat(reader.lastIdAt(1)).isZero();
        assertThat(reader.lastIdAt(103)).isEqualTo(102);
        assertThat(reader.lastIdAt(105)).isEqualTo(103);
        for (long id = 1; id <= 100; id++) {
            assertThat(reader.entryOfMessage(id).map(LogEntry::lastId)).contains(id);
        }
    }

    @Test
    void readsAsManyAsFitButAtLeastOne() throws IOException {
        append(source.messages("m", 100));
        LogReader reader = directory.log().reader();
        int length = reader.entryAt(1).orElseThrow().length();

        assertThat(reader.read(5, 3 * length)).extracting(LogEntry::firstIndex).containsExactly(5L, 6L, 7L);
        assertThat(reader.read(5, 1)).extracting(LogEntry::firstIndex).containsExactly(5L);
        assertThat(reader.read(101, 1000)).isEmpty();
        assertThat(reader.read(1, 1 << 20)).hasSize(100);
    }

    @Test
    void showsReadersOnlyWhatIsForced() throws IOException {
        append(source.messages("m", 2));
        directory.log().append(source.messages("later", 2), 0);

        assertThat(stored()).containsExactly("m1", "m2");
        assertThat(directory.log().reader().entryAt(3)).isEmpty();
        assertThat(directory.log().lastIndex()).isEqualTo(4);
        assertThat(directory.log().force()).isEqualTo(4);
        assertThat(stored()).hasSize(4);
    }

    @Test
    void storesAnEntryThatIsLargerThanASegment() throws IOException {
        String large = "x".repeat(3 * SMALL.segmentBytes());
        append(List.of(source.message("before"), source.message(large), source.message("behind")));

        reopen();

        assertThat(stored()).containsExactly("before", large, "behind");
    }

    @Test
    void digestsTheSameContentTheSameHoweverItLies() throws IOException {
        append(List.of(source.noOp()));
        append(source.messages("m", 200));
        append(List.of(source.batch("a", "b", "c")));
        List<Long> digests = Stream.iterate(0L, index -> index <= 204, index -> index + 1)
                .map(index -> directory.log().reader().digest(index).orElseThrow())
                .toList();
        assertThat(digests).doesNotHaveDuplicates();
        assertThat(directory.log().reader().digest(205)).isEmpty();
        EntrySource again = new EntrySource();
        close();

        try (FileDisk other = FileDisk.open(folder.resolve("other"));
                DataDirectory large = DataDirectory.open(other, NODE, StorageOptions.DEFAULT, () -> 7)) {
            large.log().append(List.of(again.noOp()), 0);
            large.log().append(again.messages("m", 200), 0);
            large.log().append(List.of(again.batch("a", "b", "c")), 0);
            large.log().force();

            for (int index = 0; index <= 204; index++) {
                assertThat(large.log().reader().digest(index)).contains(digests.get(index));
            }
        }
        open();
    }

    @Test
    void cutsItsEndAndKeepsWhatWasCutReadable() throws IOException {
        append(source.messages("m", 150));
        long digest = directory.log().reader().digest(40).orElseThrow();
        append(List.of(source.put("k", "say \"hi\"\n")));

        directory.log().truncateFrom(41);

        assertThat(stored()).isEqualTo(numbered("m", 40));
        assertThat(directory.log().lastIndex()).isEqualTo(40);
        assertThat(directory.log().reader().durableId()).isEqualTo(40);
        Path rollback = folder.resolve("rollbacks/000001-41.ndjson");
        assertThat(Files.readAllLines(rollback))
                .hasSize(111)
                .first()
                .isEqualTo("{\"index\":41,\"term\":1,\"timestamp\":1700000000000,\"type\":\"MESSAGES\",\"id\":41,"
                        + "\"message\":\"m41\"}");
        assertThat(Files.readAllLines(rollback))
                .last()
                .asString()
                .endsWith("\"operation\":\"PUT\",\"key\":\"k\",\"value\":\"say \\\"hi\\\"\\n\"}");

        source.term(2).behind(40, 40);
        append(List.of(source.noOp(), source.message("new")));
        reopen();

        assertThat(stored()).hasSize(41).endsWith("m40", "new");
        assertThat(directory.log().reader().digest(40)).contains(digest);
        assertThat(directory.recovered().lastTerm()).isEqualTo(2);
    }

    @Test
    void cutsEverything() throws IOException {
        append(source.messages("m", 150));

        directory.log().truncateFrom(1);
        source.behind(0, 0);
        append(List.of(source.message("other")));
        reopen();

        assertThat(stored()).containsExactly("other");
    }

    @Test
    void refusesToCutWithinAnEntry() throws IOException {
        append(List.of(source.batch("a", "b", "c")));

        assertThatThrownBy(() -> directory.log().truncateFrom(2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(stored()).hasSize(3);
    }

    @Test
    void endsAScanOfWhichAPartWasCut() throws IOException {
        append(source.messages("m", 150));
        var scan = directory.log().reader().scan(1);
        var behind = directory.log().reader().scan(100);
        for (int count = 0; count < 60; count++) {
            scan.next();
        }

        directory.log().truncateFrom(50);
        source.term(2).behind(49, 49);
        append(source.messages("new", 150));

        // One entry may have been prepared before the cut.
        assertThat(scan.hasNext()).isFalse();
        assertThat(behind.next().term()).isEqualTo(2);
    }

    @Test
    void keepsItsHardState() throws IOException {
        HardState state = new HardState(new ClusterId(1, 2), 101, 7, new NodeId("secondary-1"));

        directory.hardState().save(state);
        reopen();
        assertThat(directory.recovered().hardState()).isEqualTo(state);

        directory.hardState().save(new HardState(new ClusterId(1, 2), 101, 8, null));
        reopen();
        assertThat(directory.recovered().hardState().votedFor()).isNull();
        assertThat(directory.recovered().hardState().term()).isEqualTo(8);
    }

    @Test
    void forgetsNoVoteWhenEitherSlotIsDamaged() throws IOException {
        HardState state = new HardState(new ClusterId(1, 2), 101, 7, new NodeId("secondary-1"));
        directory.hardState().save(state);
        for (int slot = 0; slot < 2; slot++) {
            int place = slot * 4096 + 30;
            close();
            damage(folder.resolve("hard-state"), place);
            open();
            assertThat(directory.recovered().hardState()).isEqualTo(state);
        }
    }

    @Test
    void cutsATornLastRecordOff() throws IOException {
        append(source.messages("m", 3));
        directory.log().append(List.of(source.message("torn")), 0);
        close();
        // As if the last write had not reached the disk whole, nor the marker that was written when it was forced.
        Path segment = lastSegment();
        byte[] bytes = Files.readAllBytes(segment);
        int end = lastNonZero(bytes);
        Arrays.fill(bytes, end - 20, bytes.length, (byte) 0);
        Files.write(segment, bytes);

        open();

        assertThat(directory.damage()).isEmpty();
        assertThat(stored()).containsExactly("m1", "m2", "m3");
        source.behind(3, 3);
        append(List.of(source.message("again")));
        reopen();
        assertThat(stored()).containsExactly("m1", "m2", "m3", "again");
    }

    @Test
    void setsALogWithADamagedRecordBeforeItsEndAside() throws IOException {
        append(source.messages("m", 3));
        append(source.messages("n", 3));
        directory.hardState().save(new HardState(new ClusterId(1, 2), 101, 7, null));
        close();
        damage(lastSegment(), 80);

        open();

        assertThat(directory.damage()).get().asString().contains("index 2");
        assertThat(directory.mustBeRefilled()).isTrue();
        assertThat(directory.recovered().lastIndex()).isZero();
        assertThat(directory.recovered().hardState())
                .as("it keeps whose it is, and nothing else")
                .isEqualTo(new HardState(new ClusterId(1, 2), 102, 0, null));
        assertThat(directory.recovered().setAside()).isTrue();
        assertThat(folder.resolve("log/00000000000000000001.log.1.damaged")).exists();
        source.behind(0, 0);
        append(source.messages("refilled", 2));
        reopen();
        assertThat(directory.damage()).isEmpty();
        assertThat(directory.mustBeRefilled()).isTrue();
        assertThat(stored()).hasSize(2);
    }

    @Test
    void knowsWhatItRecoveredAfterAPowerCutForDurable() throws IOException {
        append(source.messages("m", 3));
        close();
        // The marker behind the last force was not forced: a power cut takes it away.
        byte[] bytes = Files.readAllBytes(lastSegment());
        int end = lastNonZero(bytes);
        Arrays.fill(bytes, end - SyncMarker.BYTES, end, (byte) 0);
        Files.write(lastSegment(), bytes);
        open();
        assertThat(stored()).containsExactly("m1", "m2", "m3");
        reopen();
        close();
        damage(lastSegment(), 80);

        open();

        assertThat(directory.damage()).isPresent();
    }

    @Test
    void setsALogWithADamagedFullSegmentAside() throws IOException {
        append(source.messages("m", 300));
        close();
        damage(folder.resolve("log/00000000000000000001.log"), 80);

        open();

        assertThat(directory.damage()).isPresent();
        assertThat(directory.mustBeRefilled()).isTrue();
    }

    @Test
    void findsDamageOfASegmentThatWasNotScannedWhenItIsRead() throws IOException {
        append(source.messages("m", 300));
        directory.log().maintain();
        close();
        damage(folder.resolve("log/00000000000000000001.log"), 80);

        open();

        assertThat(directory.damage()).isEmpty();
        assertThatThrownBy(this::stored).isInstanceOf(DamagedEntryException.class);
        directory.reportDamage("a reader met it");
        reopen();
        assertThat(directory.damage()).contains("a reader met it");
        assertThat(directory.mustBeRefilled()).isTrue();
    }

    @Test
    void scansASegmentWhoseSideFileIsDamaged() throws IOException {
        append(List.of(source.noOp()));
        append(source.messages("m", 300));
        directory.log().maintain();
        close();
        Path side = folder.resolve("log/00000000000000000001.index");
        assertThat(side).exists();
        damage(side, 80);

        open();

        assertThat(directory.damage()).isEmpty();
        assertThat(stored()).isEqualTo(numbered("m", 300));
        assertThat(directory.recovered().controlEntries()).hasSize(1);
    }

    @Test
    void isRefusedToAnotherNode() throws IOException {
        directory.close();

        assertThatThrownBy(() -> DataDirectory.open(disk, new NodeId("secondary-1"), SMALL, () -> 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("belongs to node 'master'");
        directory = DataDirectory.open(disk, NODE, SMALL, () -> 1);
    }

    @Test
    void isRefusedWhileItIsOpen() {
        assertThatThrownBy(() -> FileDisk.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("in use");
    }

    private Path lastSegment() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static int lastNonZero(byte[] bytes) {
        int at = bytes.length;
        while (bytes[at - 1] == 0) {
            at--;
        }
        return at;
    }

    private static void damage(Path file, int place) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[place] ^= 0x10;
        Files.write(file, bytes);
    }
}
