package io.replog.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.LogEntry;
import io.replog.core.replica.HardState;
import io.replog.core.replica.RecoveredState;
import io.replog.storage.DataDirectory;
import io.replog.storage.LogReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a data directory has promised, and so must hold after a crash; and what it may hold besides. */
final class StorageModel {
    /** Forced, and the force returned. */
    private final List<LogEntry> durable = new ArrayList<>();
    /** Appended behind that. */
    private final List<LogEntry> pending = new ArrayList<>();

    private @Nullable HardState saved;
    private @Nullable HardState saving;
    private long snapshot;
    private long savingSnapshot;
    private long cuttingFrom = Long.MAX_VALUE;

    void appending(List<LogEntry> entries) {
        pending.addAll(entries);
    }

    /** The disk was full: the log still ends with {@code lastIndex}. */
    void refused(long lastIndex) {
        pending.removeIf(entry -> entry.firstIndex() > lastIndex);
    }

    void forced() {
        durable.addAll(pending);
        pending.clear();
    }

    void cutting(long fromIndex) {
        cuttingFrom = fromIndex;
    }

    void cut() {
        forced();
        durable.removeIf(entry -> entry.firstIndex() >= cuttingFrom);
        cuttingFrom = Long.MAX_VALUE;
    }

    void saving(HardState state) {
        saving = state;
    }

    void saved() {
        saved = saving;
    }

    void savingSnapshot(long index) {
        savingSnapshot = index;
    }

    void savedSnapshot() {
        snapshot = savingSnapshot;
    }

    @Nullable HardState hardState() {
        return saved;
    }

    long snapshotIndex() {
        return snapshot;
    }

    long lastIndex() {
        return pending.isEmpty() ? durableIndex() : pending.getLast().lastIndex();
    }

    long durableIndex() {
        return durable.isEmpty() ? 0 : durable.getLast().lastIndex();
    }

    long lastId() {
        if (!pending.isEmpty()) {
            return pending.getLast().lastId();
        }
        return durable.isEmpty() ? 0 : durable.getLast().lastId();
    }

    List<LogEntry> durable() {
        return durable;
    }

    /** Checks what a start found, and takes it as what is promised from now on. */
    void recovered(DataDirectory directory) {
        assertThat(directory.damage()).as("damage").isEmpty();
        RecoveredState state = directory.recovered();
        List<LogEntry> found = all(directory.log().reader());
        checkLog(found);
        checkNumbers(state, found);
        if (saved != null) {
            assertThat(state.hardState()).as("hard state").isIn(saved, saving);
        }
        long newest = state.snapshot().index();
        assertThat(newest).as("snapshot").isIn(snapshot, savingSnapshot);
        durable.clear();
        durable.addAll(found);
        pending.clear();
        saved = state.hardState();
        saving = saved;
        snapshot = newest;
        savingSnapshot = newest;
        cuttingFrom = Long.MAX_VALUE;
    }

    /** That readers see exactly what is durable. */
    void checkReaders(LogReader reader) {
        assertThat(same(all(reader), durable)).as("the log as it is read").isTrue();
        assertThat(reader.durableIndex()).isEqualTo(durableIndex());
    }

    /** The same, and all that was appended is durable then. */
    void checkReadersAfterForce(DataDirectory directory) throws IOException {
        directory.log().force();
        forced();
        checkReaders(directory.log().reader());
    }

    private void checkLog(List<LogEntry> found) {
        List<LogEntry> expected = new ArrayList<>(durable);
        expected.addAll(pending);
        List<LogEntry> shortened = expected.stream()
                .filter(entry -> entry.firstIndex() < cuttingFrom)
                .toList();
        boolean cutDone = cuttingFrom < Long.MAX_VALUE && same(found, shortened);
        boolean begins = found.size() <= expected.size() && same(found, expected.subList(0, found.size()));
        assertThat(cutDone || begins)
                .as("found %s where %s are durable and %s may be", found, durable, pending)
                .isTrue();
        assertThat(cutDone || found.size() >= durable.size())
                .as("only %s of %s durable entries are there", found.size(), durable.size())
                .isTrue();
    }

    private static void checkNumbers(RecoveredState state, List<LogEntry> found) {
        assertThat(state.lastIndex())
                .isEqualTo(found.isEmpty() ? 0 : found.getLast().lastIndex());
        assertThat(state.lastTerm())
                .isEqualTo(found.isEmpty() ? 0 : found.getLast().term());
        assertThat(state.lastId())
                .isEqualTo(found.isEmpty() ? 0 : found.getLast().lastId());
        assertThat(same(
                        state.controlEntries(),
                        found.stream().filter(entry -> entry.type().isControl()).toList()))
                .as("control entries")
                .isTrue();
        List<LogEntry> behind = new ArrayList<>();
        state.entries().forEach(behind::add);
        long snapshotIndex = state.snapshot().index();
        assertThat(same(
                        behind,
                        found.stream()
                                .filter(entry -> entry.lastIndex() > snapshotIndex)
                                .toList()))
                .as("entries behind the snapshot")
                .isTrue();
    }

    static List<LogEntry> all(LogReader reader) {
        List<LogEntry> entries = new ArrayList<>();
        reader.scan(1).forEachRemaining(entries::add);
        return entries;
    }

    static boolean same(List<LogEntry> some, List<LogEntry> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int at = 0; at < some.size(); at++) {
            LogEntry one = some.get(at);
            LogEntry other = others.get(at);
            if (!Arrays.equals(
                    one.array(),
                    one.offset(),
                    one.offset() + one.length(),
                    other.array(),
                    other.offset(),
                    other.offset() + other.length())) {
                return false;
            }
        }
        return true;
    }
}
