package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.node.engine.ReplicaEngine;
import io.replog.node.ops.ReplogMetrics;
import io.replog.node.peer.PeerOptions;
import io.replog.node.peer.SocketTransport;
import io.replog.storage.FileDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PeerMetersTest {
    @Test
    void peers_that_join_later_get_their_meters(@TempDir Path folder) {
        // given
        NodeSettings settings = NodeSettings.of(new Binder(new MapConfigurationPropertySource(
                        Map.of("replog.node-id", "a", "replog.members", "a=http://127.0.0.1:1,b=http://127.0.0.1:2")))
                .bindOrCreate("replog", Bindable.of(ReplogProperties.class)));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ReplogMetrics metrics = new ReplogMetrics(registry);
        SocketTransport transport = new SocketTransport(
                new PeerOptions(settings.id(), settings.self().url(), null, 1 << 20, 1 << 20, Duration.ofSeconds(2)),
                new Random(1));
        try (FileDisk disk = FileDisk.open(folder);
                ReplicaEngine engine = new EngineFactory(settings, new Random(1))
                        .create(disk, transport, metrics, metrics, (reason, _) -> {})) {
            metrics.bind(engine, transport);
            assertThat(registry.find("replog.peer.lag").tag("peer", "b").gauge())
                    .isNotNull();

            // when
            Membership joined = settings.replica()
                    .configured()
                    .with(new Member(new NodeId("late"), "http://127.0.0.1:3", MemberKind.LEARNER, 1, 0));
            transport.members(joined);
            metrics.membershipChanged(new Effect.MembershipChanged(joined), engine.status());
            metrics.membershipChanged(new Effect.MembershipChanged(joined), engine.status());

            // then
            assertThat(registry.find("replog.peer.lag").tag("peer", "late").gauges())
                    .hasSize(1);
            assertThat(registry.find("replog.peer.sent.bytes")
                            .tag("peer", "late")
                            .functionCounter())
                    .isNotNull();
        }
    }
}
