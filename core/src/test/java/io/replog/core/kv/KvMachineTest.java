package io.replog.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KvMachineTest {
    private static final KvMap MAP = KvMap.EMPTY.with(new KvMap.Entry("key", "old", 5));

    @Test
    void putSetsAndGivesThePrevious() {
        assertApplied(KvCommand.Operation.PUT, "key", "new", "new", "old");
        assertApplied(KvCommand.Operation.PUT, "other", "new", "new", null);
        assertApplied(KvCommand.Operation.PUT, "key", "", "", "old");
    }

    @Test
    void appendConcatenates() {
        assertApplied(KvCommand.Operation.APPEND, "key", "+", "old+", "old");
        assertApplied(KvCommand.Operation.APPEND, "other", "+", "+", null);
    }

    @Test
    void hashIsFnv1aOfPreviousAndValue() {
        // known answers: the offset basis for nothing, and the published vectors for "a" and "foobar"
        assertApplied(KvCommand.Operation.HASH, "other", "", "2166136261", null);
        assertApplied(KvCommand.Operation.HASH, "other", "a", Integer.toUnsignedString(0xe40c292c), null);
        assertThat(KvMachine.hash("foo", "bar")).isEqualTo(Integer.toUnsignedString(0xbf9cf968));
        assertApplied(KvCommand.Operation.HASH, "key", "é", fnv("oldé"), "old");
    }

    @Test
    void deleteRemovesAndIsIdempotent() {
        KvMachine.Step first = KvMachine.apply(MAP, command(KvCommand.Operation.DELETE, "key", ""), 9);
        assertThat(first.result()).isEqualTo(new KvResult.Applied(null, "old", 9));
        assertThat(first.map()).isEmpty();

        KvMachine.Step second = KvMachine.apply(first.map(), command(KvCommand.Operation.DELETE, "key", ""), 10);
        assertThat(second.result()).isEqualTo(new KvResult.Applied(null, null, 10));
        assertThat(second.map()).isSameAs(first.map());
    }

    @Test
    void conditionsHoldOrChangeNothing() {
        KvCommand.Condition absent = new KvCommand.Condition.Absent();
        for (KvCommand.Operation operation : KvCommand.Operation.values()) {
            assertFails(new KvCommand(operation, "key", "v", absent), 5);
            assertFails(new KvCommand(operation, "key", "v", new KvCommand.Condition.IndexIs(4)), 5);
            assertFails(new KvCommand(operation, "other", "v", new KvCommand.Condition.IndexIs(5)), 0);
            assertFails(new KvCommand(operation, "other", "v", new KvCommand.Condition.IndexIs(0)), 0);
            assertHolds(new KvCommand(operation, "other", "v", absent));
            assertHolds(new KvCommand(operation, "key", "v", new KvCommand.Condition.IndexIs(5)));
        }
    }

    @Test
    void valuesDoNotGrowBeyondTheLimit() {
        KvMap full = KvMap.EMPTY.with(new KvMap.Entry("key", "x".repeat(KvCommand.MAX_VALUE_BYTES - 1), 1));

        KvMachine.Step fits = KvMachine.apply(full, command(KvCommand.Operation.APPEND, "key", "y"), 2);
        KvMachine.Step tooLarge = KvMachine.apply(full, command(KvCommand.Operation.APPEND, "key", "é"), 2);

        assertThat(fits.result()).isInstanceOf(KvResult.Applied.class);
        assertThat(tooLarge.result()).isEqualTo(new KvResult.ValueTooLarge());
        assertThat(tooLarge.map()).isSameAs(full);
    }

    private static void assertApplied(
            KvCommand.Operation operation, String key, String operand, String value, String previous) {
        KvMachine.Step step = KvMachine.apply(MAP, command(operation, key, operand), 9);

        assertThat(step.result()).isEqualTo(new KvResult.Applied(value, previous, 9));
        assertThat(step.map().get(key)).isEqualTo(new KvMap.Entry(key, value, 9));
    }

    private static void assertFails(KvCommand command, long currentIndex) {
        KvMachine.Step step = KvMachine.apply(MAP, command, 9);

        assertThat(step.result()).isEqualTo(new KvResult.ConditionFailed(currentIndex));
        assertThat(step.map()).isSameAs(MAP);
    }

    private static void assertHolds(KvCommand command) {
        assertThat(KvMachine.apply(MAP, command, 9).result()).isInstanceOf(KvResult.Applied.class);
    }

    private static KvCommand command(KvCommand.Operation operation, String key, String value) {
        return new KvCommand(operation, key, value, KvCommand.Condition.NONE);
    }

    private static String fnv(String text) {
        long hash = 2166136261L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 16777619L % 4294967296L;
        }
        return Long.toString(hash);
    }
}
