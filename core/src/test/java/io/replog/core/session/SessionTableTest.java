package io.replog.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.session.SessionTable.Appended;
import io.replog.core.session.SessionTable.Lookup;
import io.replog.core.session.SessionTable.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private final SessionTable table = new SessionTable(3, Snapshot.EMPTY);

    @Test
    void aNewKeyIsNew() {
        assertThat(table.lookup(key("a", 1))).isEqualTo(new Lookup.New());
        assertThat(table.lookup(client("a", 1, 1))).isEqualTo(new Lookup.New());
    }

    @Test
    void requestsWithoutAKeyAreAlwaysNew() {
        table.append(command(1, RequestKey.NONE));
        table.applied(1, put(1, "x"));

        assertThat(table.lookup(RequestKey.NONE)).isEqualTo(new Lookup.New());
        assertThat(table.snapshot()).isEqualTo(Snapshot.EMPTY);
    }

    @Test
    void aRepeatFindsTheFirstWhileItIsPendingAndWhenItIsApplied() {
        table.append(command(4, key("a", 1)));
        assertThat(table.lookup(key("a", 1))).isEqualTo(new Lookup.Repeat(appended(4, key("a", 1), null)));

        table.applied(4, put(4, "x"));
        assertThat(table.lookup(key("a", 1))).isEqualTo(new Lookup.Repeat(appended(4, key("a", 1), put(4, "x"))));
    }

    @Test
    void aRepeatOfMessagesFindsTheirIds() {
        LogEntry entry = EntryCodec.frame(
                new EntryHeader(5, 2, 3, 0, 11, 0),
                EntryCodec.encode(key("a", 1), new Payload.Messages(List.of(new byte[1], new byte[2]))));
        table.append(entry);
        table.applied(6, null);

        assertThat(table.lookup(key("a", 1)))
                .isEqualTo(new Lookup.Repeat(new Appended(key("a", 1), 6, 3, 10, 11, null)));
    }

    @Test
    void anotherRequestUnderTheKeyIsRefused() {
        table.append(command(1, key("a", 1)));
        table.append(command(2, client("c", 7, 1)));

        assertThat(table.lookup(key("a", 2))).isEqualTo(new Lookup.KeyReused());
        assertThat(table.lookup(client("c", 7, 2))).isEqualTo(new Lookup.KeyReused());
    }

    @Test
    void anOlderSequenceIsRefusedAndANewerIsNew() {
        table.append(command(1, client("c", 7, 1)));
        for (int round = 0; round < 2; round++) {
            assertThat(table.lookup(client("c", 6, 1))).isEqualTo(new Lookup.SequenceTooOld(7));
            assertThat(table.lookup(client("c", 8, 1))).isEqualTo(new Lookup.New());
            assertThat(table.lookup(client("c", 100, 1))).isEqualTo(new Lookup.New());
            table.applied(1, put(1, "x"));
        }
    }

    @Test
    void keysAndClientsDoNotMix() {
        table.append(command(1, key("same", 1)));

        assertThat(table.lookup(client("same", 1, 1))).isEqualTo(new Lookup.New());
    }

    @Test
    void truncationRestoresTheClientsPreviousSequence() {
        table.append(command(1, client("c", 1, 1)));
        table.applied(1, put(1, "first"));
        table.append(command(2, client("c", 2, 1)));
        table.append(command(3, client("c", 3, 1)));
        assertThat(table.lookup(client("c", 1, 1))).isEqualTo(new Lookup.SequenceTooOld(3));

        table.truncateFrom(3);
        assertThat(table.lookup(client("c", 2, 1))).isEqualTo(new Lookup.Repeat(appended(2, client("c", 2, 1), null)));

        table.truncateFrom(2);
        assertThat(table.lookup(client("c", 1, 1)))
                .isEqualTo(new Lookup.Repeat(appended(1, client("c", 1, 1), put(1, "first"))));
    }

    @Test
    void truncationRestoresWhatWouldHaveExpired() {
        for (int i = 1; i <= 3; i++) {
            table.append(command(i, key("k" + i, 1)));
        }
        table.applied(3, put(3, "x"));
        table.append(command(4, key("k4", 1)));
        table.truncateFrom(4);
        table.append(command(4, RequestKey.NONE));
        table.applied(4, put(4, "x"));

        assertThat(table.lookup(key("k1", 1))).isInstanceOf(Lookup.Repeat.class);
        assertThat(table.lookup(key("k4", 1))).isEqualTo(new Lookup.New());
    }

    @Test
    void theOldestExpire() {
        for (int i = 1; i <= 5; i++) {
            table.append(command(i, key("k" + i, 1)));
            table.applied(i, put(i, "x"));
        }
        for (int i = 6; i <= 10; i++) {
            table.append(command(i, client("c" + i, 1, 1)));
            table.applied(i, put(i, "x"));
        }

        assertThat(table.snapshot().idempotencyKeys())
                .extracting(Appended::key)
                .containsExactly(key("k3", 1), key("k4", 1), key("k5", 1));
        assertThat(table.snapshot().clients()).extracting(Appended::index).containsExactly(8L, 9L, 10L);
    }

    @Test
    void aClientThatWritesStaysYoung() {
        for (int i = 1; i <= 6; i++) {
            String id = i % 2 == 0 ? "busy" : "idle" + i;
            table.append(command(i, client(id, i, 1)));
            table.applied(i, put(i, "x"));
        }

        assertThat(table.snapshot().clients())
                .extracting(Appended::key)
                .containsExactly(client("idle3", 3, 1), client("idle5", 5, 1), client("busy", 6, 1));
    }

    @Test
    void theOldestResultsForgetTheirValuesBeyondTheBoundButNotThatTheyWereApplied() {
        SessionTable small = new SessionTable(100, 60, Snapshot.EMPTY);
        for (int i = 1; i <= 4; i++) {
            small.append(command(i, key("k" + i, 1)));
            small.applied(i, put(i, "v".repeat(20)));
        }

        assertThat(small.snapshot().idempotencyKeys())
                .extracting(Appended::result)
                .containsExactly(
                        new KvResult.Forgotten(1),
                        new KvResult.Forgotten(2),
                        put(3, "v".repeat(20)),
                        put(4, "v".repeat(20)));
        assertThat(small.lookup(key("k1", 1)))
                .isEqualTo(new Lookup.Repeat(appended(1, key("k1", 1), new KvResult.Forgotten(1))));
    }

    @Test
    void aSnapshotStaysAsItWas() {
        SessionTable small = new SessionTable(2, 60, Snapshot.EMPTY);
        small.append(command(1, key("k1", 1)));
        small.applied(1, put(1, "v".repeat(20)));
        small.append(command(2, key("pending", 1)));

        Snapshot snapshot = small.snapshot();
        small.applied(2, put(2, "v".repeat(50)));
        small.append(command(3, key("k3", 1)));
        small.applied(3, put(3, "x"));

        assertThat(snapshot.idempotencyKeys()).containsExactly(appended(1, key("k1", 1), put(1, "v".repeat(20))));
        assertThat(new SessionTable(2, 60, snapshot).snapshot()).isEqualTo(snapshot);
    }

    @Test
    void entriesComeInTheOrderOfTheLog() {
        table.append(command(2, key("a", 1)));

        assertThatThrownBy(() -> table.append(command(2, key("b", 1)))).isInstanceOf(IllegalStateException.class);
    }

    static LogEntry command(long index, RequestKey key) {
        KvCommand put = new KvCommand(KvCommand.Operation.PUT, "key", "value", KvCommand.Condition.NONE);
        return EntryCodec.frame(
                new EntryHeader(index, 1, 2, 0, 9, 0), EntryCodec.encode(key, new Payload.Command(put)));
    }

    static Appended appended(long index, RequestKey key, KvResult result) {
        return new Appended(key, index, 2, 0, 0, result);
    }

    static KvResult put(long index, String value) {
        return new KvResult.Applied(value, null, index);
    }

    static RequestKey key(String key, long fingerprint) {
        return new RequestKey.Idempotency(key, fingerprint);
    }

    static RequestKey client(String id, long sequence, long fingerprint) {
        return new RequestKey.ClientSequence(id, sequence, fingerprint);
    }
}
