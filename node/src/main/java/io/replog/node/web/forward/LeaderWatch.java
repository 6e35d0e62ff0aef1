package io.replog.node.web.forward;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who leads, for those who take requests to the leader. Thread-safe. */
public final class LeaderWatch {
    /** How long to wait before a leader that refused, or could not be reached, is tried again. */
    private static final Duration RETRY = Duration.ofMillis(50);

    private final ReplicatedLog log;
    private final Duration leaderWait;

    /** @param leaderWait how long a deposed leader goes on answering its waiting writes */
    public LeaderWatch(ReplicatedLog log, Duration leaderWait) {
        this.log = log;
        this.leaderWait = leaderWait;
    }

    /** Waits until a leader is known; the status may have none where {@code patience} came to its end first. */
    public ReplicaStatus awaitLeader(Deadline patience) throws InterruptedException {
        return log.awaitLeadership(status -> status.leader() != null, patience);
    }

    /** The leader as a member; null where none is known. */
    public static @Nullable Member leaderOf(ReplicaStatus status) {
        NodeId leader = status.leader();
        return status.members().stream()
                .map(ReplicaStatus.MemberStatus::member)
                .filter(member -> member.id().equals(leader))
                .findFirst()
                .orElse(null);
    }

    /** Waits a little for another leader, or for the same one to be ready. */
    public void awaitChange(ReplicaStatus before, Deadline patience) throws InterruptedException {
        Deadline retry = Deadline.after(RETRY);
        log.awaitLeadership(
                now -> now.term() != before.term() || !Objects.equals(now.leader(), before.leader()),
                patience.remaining().compareTo(retry.remaining()) < 0 ? patience : retry);
    }

    /** Whether {@code leader} has not led {@code term} for longer than a deposed leader goes on answering. */
    public BooleanSupplier deposed(NodeId leader, long term) {
        Deadline[] since = {Deadline.NONE};
        return () -> {
            ReplicaStatus now = log.status();
            if (leader.equals(now.leader()) && now.term() == term) {
                since[0] = Deadline.NONE;
            } else if (since[0].isNone()) {
                since[0] = Deadline.after(leaderWait);
            }
            return since[0].remaining().isZero();
        };
    }
}
