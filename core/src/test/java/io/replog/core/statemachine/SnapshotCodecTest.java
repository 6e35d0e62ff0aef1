package io.replog.core.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvResult;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.session.SessionTable;
import io.replog.core.session.SessionTable.Appended;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotCodecTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000})
    void givesSnapshotsBack(int size) {
        StateSnapshot snapshot = snapshot(size);

        StateSnapshot decoded = SnapshotCodec.decode(SnapshotCodec.encode(snapshot));

        assertSame(decoded, snapshot);
        assertThat(list(SnapshotCodec.encode(snapshot)).size() > 10).isEqualTo(size > 1_000);
    }

    @Test
    void givesTheEmptyOneBack() {
        assertSame(SnapshotCodec.decode(SnapshotCodec.encode(StateSnapshot.EMPTY)), StateSnapshot.EMPTY);
    }

    @Test
    void recordsAreFoundInAFile() {
        for (byte[] record : list(SnapshotCodec.encode(snapshot(3_000)))) {
            byte[] header = Arrays.copyOf(record, SnapshotCodec.RECORD_HEADER_BYTES);
            assertThat(SnapshotCodec.recordBytes(header)).isEqualTo(record.length);
        }
        assertThatThrownBy(() -> SnapshotCodec.recordBytes(new byte[] {-1, 0, 0, 0, 0, 0, 0, 0}))
                .isInstanceOf(DamagedSnapshotException.class);
        assertThatThrownBy(() -> SnapshotCodec.recordBytes(new byte[] {127, 0, 0, 0, 0, 0, 0, 0}))
                .isInstanceOf(DamagedSnapshotException.class);
    }

    @Test
    void valuesLargerThanARecordAreRecordsOfTheirOwn() {
        KvMap kv = KvMap.EMPTY
                .with(new KvMap.Entry("a", "x".repeat(1 << 20), 1))
                .with(new KvMap.Entry("b", "y".repeat(1 << 20), 2));
        StateSnapshot snapshot = new StateSnapshot(2, 1, 0, 1, Membership.EMPTY, kv, SessionTable.Snapshot.EMPTY);

        assertThat(list(SnapshotCodec.encode(snapshot)))
                .allSatisfy(record -> assertThat(record.length).isLessThan((1 << 20) + 100));
        assertSame(SnapshotCodec.decode(SnapshotCodec.encode(snapshot)), snapshot);
    }

    @Test
    void everyFlippedBitIsDamage() {
        List<byte[]> records = list(SnapshotCodec.encode(snapshot(3)));
        for (int i = 0; i < records.size(); i++) {
            for (int bit = 0; bit < records.get(i).length * 8; bit++) {
                List<byte[]> changed = new ArrayList<>(records);
                byte[] flipped = records.get(i).clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                changed.set(i, flipped);
                assertThatThrownBy(() -> SnapshotCodec.decode(changed.iterator()))
                        .isInstanceOf(DamagedSnapshotException.class);
            }
        }
    }

    @Test
    void tornRecordsMissingRecordsAndRecordsOutOfPlaceAreDamage() {
        List<byte[]> records = list(SnapshotCodec.encode(snapshot(2_000)));
        assertThat(records.size()).isGreaterThan(4);
        for (int i = 0; i < records.size(); i++) {
            List<byte[]> torn = new ArrayList<>(records);
            torn.set(i, Arrays.copyOf(records.get(i), records.get(i).length - 1));
            assertDamaged(torn);
            List<byte[]> missing = new ArrayList<>(records);
            missing.remove(i);
            assertDamaged(missing);
            assertDamaged(records.subList(0, i));
            if (i > 0) {
                List<byte[]> swapped = new ArrayList<>(records);
                swapped.set(i, records.get(i - 1));
                swapped.set(i - 1, records.get(i));
                assertDamaged(swapped);
            }
        }
    }

    @Test
    void theEncoderEnds() {
        Iterator<byte[]> records = SnapshotCodec.encode(StateSnapshot.EMPTY);
        records.next();
        records.next();

        assertThat(records.hasNext()).isFalse();
        assertThatThrownBy(records::next).isInstanceOf(NoSuchElementException.class);
    }

    private static void assertDamaged(List<byte[]> records) {
        assertThatThrownBy(() -> SnapshotCodec.decode(records.iterator())).isInstanceOf(DamagedSnapshotException.class);
    }

    private static void assertSame(StateSnapshot actual, StateSnapshot expected) {
        assertThat(actual.index()).isEqualTo(expected.index());
        assertThat(actual.term()).isEqualTo(expected.term());
        assertThat(actual.lastId()).isEqualTo(expected.lastId());
        assertThat(actual.view()).isEqualTo(expected.view());
        assertThat(actual.membership()).isEqualTo(expected.membership());
        assertThat(actual.kv()).containsExactlyElementsOf(expected.kv());
        assertThat(actual.sessions()).isEqualTo(expected.sessions());
    }

    private static StateSnapshot snapshot(int size) {
        KvMap kv = KvMap.EMPTY;
        List<Appended> keys = new ArrayList<>();
        List<Appended> clients = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            kv = kv.with(new KvMap.Entry("ключ " + i, "v".repeat(i % 300), i));
            KvResult result =
                    switch (i % 6) {
                        case 0 -> null;
                        case 1 -> new KvResult.Applied("value", "val", i);
                        case 2 -> new KvResult.Applied("value", "other", i);
                        case 3 -> new KvResult.Applied(null, null, i);
                        case 4 -> new KvResult.ConditionFailed(i - 1);
                        default -> new KvResult.Forgotten(i);
                    };
            keys.add(new Appended(new RequestKey.Idempotency("k" + i, i), i, 1, i, i + 2, result));
            clients.add(new Appended(new RequestKey.ClientSequence("c" + i, i, -i), i, 2, 0, 0, result));
        }
        Membership membership =
                new Membership(List.of(new Member(new NodeId("a"), "http://a", MemberKind.VOTER, 1, 7)));
        return new StateSnapshot(100, 3, 50, 2, membership, kv, new SessionTable.Snapshot(keys, clients));
    }

    private static List<byte[]> list(Iterator<byte[]> records) {
        List<byte[]> all = new ArrayList<>();
        records.forEachRemaining(all::add);
        return all;
    }
}
