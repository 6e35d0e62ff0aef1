package io.replog.core.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.session.SessionTable;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StateMachineTest {
    private static final Membership MEMBERSHIP =
            new Membership(List.of(new Member(new NodeId("a"), "http://a", MemberKind.VOTER, 1, 7)));

    private final StateMachine machine = new StateMachine(StateSnapshot.EMPTY);

    @Test
    void appliesEachKindOfEntry() {
        machine.apply(EntryCodec.frameControl(header(1, 1, 0, 0), new Payload.MembershipChange(1, MEMBERSHIP)));
        machine.apply(EntryCodec.frameControl(header(2, 1, 1, 0), new Payload.NoOp(2)));
        machine.apply(messages(3, 2, 2));
        KvResult result = machine.apply(put(5, 2, "key", "value"));

        assertThat(result).isEqualTo(new KvResult.Applied("value", null, 5));
        StateSnapshot snapshot = machine.snapshot(SessionTable.Snapshot.EMPTY);
        assertThat(snapshot.index()).isEqualTo(5);
        assertThat(snapshot.term()).isEqualTo(1);
        assertThat(snapshot.lastId()).isEqualTo(2);
        assertThat(snapshot.view()).isEqualTo(2);
        assertThat(snapshot.membership()).isEqualTo(MEMBERSHIP);
        assertThat(machine.view().appliedIndex()).isEqualTo(5);
        assertThat(machine.view().committedId()).isEqualTo(2);
        assertThat(machine.view().kv().get("key")).isNotNull();
    }

    @Test
    void goesOnFromASnapshot() {
        machine.apply(put(1, 0, "key", "one"));
        StateSnapshot snapshot = machine.snapshot(SessionTable.Snapshot.EMPTY);
        machine.apply(put(2, 0, "key", "two"));

        StateMachine restored = new StateMachine(snapshot);
        KvResult result = restored.apply(put(2, 0, "key", "two"));

        assertThat(result).isEqualTo(new KvResult.Applied("two", "one", 2));
        assertThat(restored.view().kv())
                .containsExactlyElementsOf(machine.view().kv());
    }

    @Test
    void aWitnessAppliesEntriesWithoutPayload() {
        machine.apply(EntryCodec.omitPayload(put(1, 0, "key", "one")));
        machine.apply(EntryCodec.omitPayload(messages(2, 3, 3)));

        assertThat(machine.appliedIndex()).isEqualTo(4);
        assertThat(machine.view().committedId()).isEqualTo(3);
        assertThat(machine.view().kv()).isEmpty();
    }

    @Test
    void refusesGapsAndRepeats() {
        machine.apply(put(1, 0, "key", "one"));

        assertThatThrownBy(() -> machine.apply(put(1, 0, "key", "one"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> machine.apply(put(3, 0, "key", "one"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static LogEntry put(long index, long lastId, String key, String value) {
        return EntryCodec.frame(
                header(index, 1, 1, lastId),
                EntryCodec.encode(
                        RequestKey.NONE,
                        new Payload.Command(
                                new KvCommand(KvCommand.Operation.PUT, key, value, KvCommand.Condition.NONE))));
    }

    private static LogEntry messages(long firstIndex, int count, long lastId) {
        List<byte[]> texts = IntStream.range(0, count)
                .mapToObj(i -> new byte[] {(byte) ('a' + i)})
                .toList();
        return EntryCodec.frame(
                header(firstIndex, count, 1, lastId), EntryCodec.encode(RequestKey.NONE, new Payload.Messages(texts)));
    }

    private static EntryHeader header(long firstIndex, int count, long term, long lastId) {
        return new EntryHeader(firstIndex, count, term, 0, lastId, 0);
    }
}
