package io.replog.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DelayedTransportTest {
    private static final Duration DELAY = Duration.ofMillis(200);

    /** Gives what a test puts in, and does not wait. */
    private static final class Fake implements PeerTransport {
        final Queue<PeerEnvelope> incoming = new ArrayDeque<>();
        long lastTimeout;

        @Override
        public void members(Membership membership) {}

        @Override
        public void send(NodeId to, PeerEnvelope envelope) {}

        @Override
        public void flush() {}

        @Override
        public void poll(long timeoutNanos, Consumer<PeerEnvelope> receiver) {
            lastTimeout = timeoutNanos;
            incoming.forEach(receiver);
            incoming.clear();
        }

        @Override
        public void wakeup() {}

        @Override
        public void close() {}
    }

    private final Fake network = new Fake();
    private final List<PeerMessage> received = new ArrayList<>();
    private final DelayedTransport transport = new DelayedTransport(network, DELAY::toNanos);

    @Test
    void holds_entries_back_and_lets_heartbeats_pass() {
        // given
        PeerMessage entries = append(0, 1);
        PeerMessage heartbeat = new PeerMessage.Heartbeat(0, 0, 1);

        // when
        long begin = System.nanoTime();
        comes(entries, heartbeat);

        // then
        assertThat(received).containsExactly(heartbeat);
        assertThat(pollUntil(2) - begin).isGreaterThanOrEqualTo(DELAY.toNanos());
        assertThat(received).containsExactly(heartbeat, entries);
    }

    @Test
    void lets_delays_overlap_and_keeps_order() {
        // given
        List<PeerMessage> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.add(append(i, i + 1));
        }
        sent.add(new PeerMessage.AppendEntries(10, 1, List.of(), 10, 0));

        // when
        long begin = System.nanoTime();
        comes(sent.toArray(PeerMessage[]::new));

        // then
        assertThat(received).isEmpty();
        assertThat(pollUntil(11) - begin).isLessThan(DELAY.multipliedBy(5).toNanos());
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void drops_what_the_leader_sends_again_meanwhile() {
        // when
        comes(append(0, 1), append(0, 1), append(1, 2));
        pollUntil(2);

        // then
        assertThat(received).hasSize(2);
        assertThat(network.lastTimeout).isLessThanOrEqualTo(DELAY.toNanos());
    }

    private void comes(PeerMessage... messages) {
        for (PeerMessage message : messages) {
            network.incoming.add(new PeerEnvelope(new ClusterId(1, 1), new NodeId("leader"), 1, 1, message));
        }
        poll();
    }

    private void poll() {
        transport.poll(PeerTransport.FOREVER, envelope -> received.add(envelope.message()));
    }

    private long pollUntil(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (received.size() < count) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            poll();
        }
        return System.nanoTime();
    }

    private static PeerMessage append(long prevIndex, long index) {
        LogEntry entry = EntryCodec.frameControl(new EntryHeader(index, 1, 1, 0, 0, 0), new Payload.NoOp(1));
        return new PeerMessage.AppendEntries(prevIndex, prevIndex == 0 ? 0 : 1, List.of(entry), 0, 0);
    }
}
