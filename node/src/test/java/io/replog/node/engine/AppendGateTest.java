package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppendGateTest {
    private final AppendGate gate = new AppendGate();

    @Test
    void anyAppendPassesWhileNothingIsOnTheWay() {
        assertThat(gate.isClosed()).isFalse();
        assertThat(gate.wantedBytes()).isEqualTo(1);
    }

    @Test
    void asManyBytesMustWaitAsAreOnTheWay() {
        gate.passed(10, 300);
        gate.passed(12, 200);

        assertThat(gate.isClosed()).isTrue();
        assertThat(gate.wantedBytes()).isEqualTo(500);
    }

    @Test
    void aBatchIsOnItsWayUntilAllOfItIsCommitted() {
        gate.passed(10, 300);
        gate.passed(12, 200);

        gate.committed(9);
        assertThat(gate.wantedBytes()).isEqualTo(500);
        gate.committed(11);
        assertThat(gate.wantedBytes()).isEqualTo(200);
        gate.committed(12);
        assertThat(gate.isClosed()).isFalse();
    }

    @Test
    void aLargeBatchWaitsForNothingHoweverMuchIsOnTheWay() {
        gate.passed(10, 5 << 20);

        assertThat(gate.wantedBytes()).isEqualTo(64 << 10);
    }

    @Test
    void whoDoesNotLeadHoldsNothingBack() {
        gate.passed(10, 300);

        gate.reset();

        assertThat(gate.isClosed()).isFalse();
        assertThat(gate.wantedBytes()).isEqualTo(1);
    }
}
