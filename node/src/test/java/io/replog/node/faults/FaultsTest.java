package io.replog.node.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.node.engine.Deadline;
import io.replog.node.peer.PeerTransport;
import io.replog.node.web.FakeLog;
import io.replog.storage.Disk;
import io.replog.storage.FileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decorators that do what {@code /faults} says. */
class FaultsTest {
    private static final NodeId PEER = new NodeId("secondary-1");
    private static final int MANY = 2_000;
    private static final PeerMessage HEARTBEAT = new PeerMessage.Heartbeat(0, 0, 1);
    private static final PeerMessage REPLY = new PeerMessage.HeartbeatReply(0, 0);
    private static final PeerMessage ENTRIES = new PeerMessage.AppendEntries(
            0, 0, List.of(EntryCodec.frameControl(new EntryHeader(1, 1, 1, 0, 0, 0), new Payload.NoOp(1))), 0, 0);

    /** Gives what a test puts in, keeps what is sent. */
    private static final class Network implements PeerTransport {
        final Queue<PeerEnvelope> incoming = new ArrayDeque<>();
        final List<PeerMessage> sent = new ArrayList<>();

        @Override
        public void members(Membership membership) {}

        @Override
        public void send(NodeId to, PeerEnvelope envelope) {
            sent.add(envelope.message());
        }

        @Override
        public void flush() {}

        @Override
        public void poll(long timeoutNanos, Consumer<PeerEnvelope> receiver) {
            incoming.forEach(receiver);
            incoming.clear();
        }

        @Override
        public void wakeup() {}

        @Override
        public void close() {}
    }

    private final Faults faults = new Faults();
    private final Network network = new Network();
    private final FaultyTransport transport = new FaultyTransport(network, faults, new Random(3));

    // --- crashAfter

    @Test
    void the_process_halts_in_the_nth_write_and_repeats_do_not_count() {
        // given
        List<String> halts = new ArrayList<>();
        FaultyLog log = new FaultyLog(FakeLog.leaderOfThree(), faults, (reason, _) -> halts.add(reason));
        append(log, "before");
        faults.replace(new FaultSettings(
                null, Duration.ZERO, FaultSettings.Clients.NONE, FaultSettings.Peers.NONE, 2, Duration.ZERO));

        // when
        append(log, "first");
        append(log, "first");
        append(log, "first");

        // then
        assertThat(halts).isEmpty();

        // when
        append(log, "second");

        // then
        assertThat(halts).containsExactly("crashAfter of /faults");
    }

    private static void append(FaultyLog log, String key) {
        EncodedRequest request = EntryCodec.encode(
                new RequestKey.Idempotency(key, key.hashCode()), new Payload.Messages(List.of(new byte[] {'a'})));
        assertThat(log.append(request, new WriteConcern.Count(1), Deadline.after(Duration.ofSeconds(10))))
                .isCompleted();
    }

    // --- rates

    @Test
    void without_faults_all_passes() {
        assertThat(received(HEARTBEAT)).isEqualTo(MANY);
        assertThat(sent(REPLY)).isEqualTo(MANY);
    }

    @Test
    void requests_that_come_in_are_dropped_at_their_rate_and_replies_are_not() {
        peers(new FaultSettings.Peers(0.25, 0, 0, 0, Set.of(), Set.of(), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isBetween(MANY * 70 / 100, MANY * 80 / 100);
        assertThat(received(REPLY)).isEqualTo(MANY);
        assertThat(sent(HEARTBEAT)).isEqualTo(MANY);
    }

    @Test
    void a_request_whose_reply_is_dropped_is_worked_on() {
        peers(new FaultSettings.Peers(0, 0.25, 0, 0, Set.of(), Set.of(), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isEqualTo(MANY);
        assertThat(sent(REPLY)).isBetween(MANY * 70 / 100, MANY * 80 / 100);
        assertThat(sent(HEARTBEAT)).isEqualTo(MANY);
    }

    @Test
    void a_request_that_ends_in_an_error_is_worked_on_and_not_answered() {
        peers(new FaultSettings.Peers(0, 0, 1, 0, Set.of(), Set.of(), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isEqualTo(MANY);
        assertThat(sent(REPLY)).isZero();
    }

    @Test
    void requests_are_doubled_at_their_rate() {
        peers(new FaultSettings.Peers(0, 0, 0, 0.25, Set.of(), Set.of(), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isBetween(MANY * 120 / 100, MANY * 130 / 100);
        assertThat(received(REPLY)).isEqualTo(MANY);
    }

    @Test
    void nothing_passes_to_or_from_a_blocked_peer() {
        peers(new FaultSettings.Peers(0, 0, 0, 0, Set.of(PEER), Set.of(), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isZero();
        assertThat(sent(HEARTBEAT)).isZero();
    }

    @Test
    void a_cut_goes_one_way_where_only_that_is_blocked() {
        peers(new FaultSettings.Peers(0, 0, 0, 0, Set.of(), Set.of(PEER), Set.of(), Set.of()));

        assertThat(received(HEARTBEAT)).isZero();
        assertThat(received(REPLY)).isZero();
        assertThat(sent(HEARTBEAT)).isEqualTo(MANY);

        peers(new FaultSettings.Peers(0, 0, 0, 0, Set.of(), Set.of(), Set.of(PEER), Set.of()));

        assertThat(sent(HEARTBEAT)).isZero();
        assertThat(sent(REPLY)).isZero();
        assertThat(received(HEARTBEAT)).isEqualTo(MANY);
    }

    @Test
    void where_entries_are_blocked_heartbeats_pass() {
        peers(new FaultSettings.Peers(0, 0, 0, 0, Set.of(), Set.of(), Set.of(), Set.of(PEER)));

        assertThat(received(ENTRIES)).isZero();
        assertThat(sent(ENTRIES)).isZero();
        assertThat(received(HEARTBEAT)).isEqualTo(MANY);
        assertThat(sent(HEARTBEAT)).isEqualTo(MANY);
    }

    private void peers(FaultSettings.Peers peers) {
        faults.replace(new FaultSettings(null, Duration.ZERO, FaultSettings.Clients.NONE, peers, 0, Duration.ZERO));
    }

    private int received(PeerMessage message) {
        List<PeerEnvelope> received = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            network.incoming.add(envelope(message));
        }
        transport.poll(0, received::add);
        return received.size();
    }

    private int sent(PeerMessage message) {
        network.sent.clear();
        for (int i = 0; i < MANY; i++) {
            transport.send(PEER, envelope(message));
        }
        return network.sent.size();
    }

    private static PeerEnvelope envelope(PeerMessage message) {
        return new PeerEnvelope(new ClusterId(1, 1), PEER, 1, 1, message);
    }

    // --- fsyncDelay

    @Test
    void each_force_takes_longer_and_writes_do_not(@TempDir Path folder) throws IOException {
        Duration delay = Duration.ofMillis(300);
        try (FileDisk files = FileDisk.open(folder);
                Disk.File file = new FaultyDisk(files, faults).open("file")) {
            faults.replace(new FaultSettings(
                    null, Duration.ZERO, FaultSettings.Clients.NONE, FaultSettings.Peers.NONE, 0, delay));

            long begin = System.nanoTime();
            file.force();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(delay.toNanos());

            begin = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                file.write(ByteBuffer.wrap(new byte[] {1}), i);
            }
            assertThat(System.nanoTime() - begin)
                    .isLessThan(delay.multipliedBy(100).toNanos());
        }
    }
}
