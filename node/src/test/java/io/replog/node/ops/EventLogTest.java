package io.replog.node.ops;

import static io.replog.node.ops.Statuses.OTHER;
import static io.replog.node.ops.Statuses.SELF;
import static io.replog.node.ops.Statuses.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.replog.api.cluster.ClusterEvent;
import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.ReplicaStatus.Health;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    /** Takes lines as they come; the first one only when it may. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final LinkedBlockingQueue<String> taken = new LinkedBlockingQueue<>();
        final CompletableFuture<Boolean> mayGoOn = new CompletableFuture<>();

        @Override
        protected void append(ILoggingEvent event) {
            mayGoOn.join();
            taken.add(event.getFormattedMessage());
        }

        @Nullable String next() throws InterruptedException {
            return taken.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private final Logger logger = (Logger) LoggerFactory.getLogger(EventLog.class);
    private final Lines lines = new Lines();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        lines.mayGoOn.complete(true);
        logger.detachAppender(lines);
    }

    @Test
    void eachEventIsOneLineWithRoleTermLeaderViewAndReason() throws InterruptedException {
        lines.mayGoOn.complete(true);
        try (EventLog events = new EventLog(SELF, CLOCK, 100)) {
            // given
            ReplicaStatus follows = status(Role.FOLLOWER, 6, OTHER);
            ReplicaStatus leads = status(Role.LEADER, 7, SELF);
            ReplicaStatus misses = status(Role.LEADER, 7, SELF, Health.SUSPECTED);

            // when
            events.roleChanged(new Effect.RoleChanged(Role.FOLLOWER, 6, OTHER, "other leads"), follows);
            events.published(status(Role.FOLLOWER, 5, null), follows);
            events.roleChanged(new Effect.RoleChanged(Role.LEADER, 7, SELF, "elected by [self, other]"), leads);
            events.published(follows, leads);
            events.published(leads, misses);
            events.peerRejected(new Effect.PeerRejected(OTHER, "of another cluster"), misses);

            // then
            assertThat(lines.next())
                    .isEqualTo("event=role-changed node=self role=follower term=6 leader=other view=3"
                            + " reason=\"other leads\"");
            assertThat(lines.next())
                    .isEqualTo("event=role-changed node=self role=leader term=7 leader=self view=3"
                            + " reason=\"elected by [self, other]\"");
            assertThat(lines.next())
                    .isEqualTo("event=member-status-changed node=self role=leader term=7 leader=self view=3"
                            + " member=other reason=\"suspected, healthy before\"");
            assertThat(lines.next())
                    .isEqualTo("event=peer-rejected node=self role=leader term=7 leader=self view=3 member=other"
                            + " reason=\"of another cluster\"");
            assertThat(lines.taken).isEmpty();
        }
    }

    @Test
    void whoFollowsHearsOfAnEventAndTheNewestAreKept() throws Exception {
        lines.mayGoOn.complete(true);
        try (EventLog events = new EventLog(SELF, CLOCK, 2)) {
            // given
            CompletableFuture<List<ClusterEvent>> heard = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    heard.complete(events.awaitAfter(0, Deadline.after(PATIENCE)));
                } catch (InterruptedException e) {
                    heard.completeExceptionally(e);
                }
            });

            // when
            ReplicaStatus status = status(Role.LEADER, 1, SELF);
            events.stopping(status);

            // then
            assertThat(heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .extracting(ClusterEvent::type)
                    .containsExactly("stopping");

            // when
            events.diskFull(true, status);
            events.diskFull(false, status);

            // then
            assertThat(events.awaitAfter(0, Deadline.after(PATIENCE)))
                    .extracting(ClusterEvent::sequence, ClusterEvent::type)
                    .containsExactly(tuple(2L, "disk-full"), tuple(3L, "disk-room"));
        }
    }

    @Test
    void aLogThatTakesLinesTooSlowlyCostsLinesAndNoMemory() throws InterruptedException {
        try (EventLog events = new EventLog(SELF, CLOCK, 2)) {
            // given: the log takes its first line and stands still
            ReplicaStatus status = status(Role.LEADER, 1, SELF);
            events.stopping(status);
            assertThat(events.awaitAfter(0, Deadline.after(PATIENCE))).hasSize(1);

            // when
            for (int i = 0; i < 20; i++) {
                events.diskFull(true, status);
            }
            lines.mayGoOn.complete(true);

            // then: no more than found room to wait, and it is said that there were more
            List<String> logged = new ArrayList<>();
            String line = lines.next();
            while (line != null && line.startsWith("event=")) {
                logged.add(line);
                line = lines.next();
            }
            assertThat(line).endsWith("events are not logged: the log takes lines too slowly");
            assertThat(logged).hasSizeBetween(1, 3);
            assertThat(logged.getFirst()).startsWith("event=stopping");
        }
    }
}
