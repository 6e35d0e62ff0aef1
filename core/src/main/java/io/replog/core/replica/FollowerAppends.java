package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.protocol.PeerMessage.AppendReply;
import io.replog.core.protocol.PeerMessage.Heartbeat;
import io.replog.core.protocol.PeerMessage.HeartbeatReply;
import io.replog.core.quorum.NodeId;

/** The follower's side of replication. What it acknowledges is durable and equal to the leader's log. */
final class FollowerAppends {
    private final ReplicaState state;

    FollowerAppends(ReplicaState state) {
        this.state = state;
    }

    void onAppendEntries(FollowerState follower, NodeId leader, AppendEntries append) {
        if (!isConsecutive(append)) {
            return;
        }
        ReplicaLog log = state.log;
        // The consistency check (§3.5): the logs agree up to an index of which they have the same term.
        if (log.termAt(append.prevIndex()) != append.prevTerm()) {
            refuse(leader, append);
            return;
        }
        boolean stored = store(append);
        long matched = append.entries().isEmpty()
                ? append.prevIndex()
                : append.entries().getLast().lastIndex();
        follower.matchedIndex = Math.max(follower.matchedIndex, matched);
        follower.leaderCommit = Math.max(follower.leaderCommit, append.commitIndex());
        if (state.catchUpIndex < 0) {
            state.catchUpIndex = append.commitIndex();
        }
        follower.replyDue = true;
        follower.replyPrevIndex = append.prevIndex();
        commit(follower, Math.min(follower.leaderCommit, follower.matchedIndex));
        follower.replicatedIndex = Math.max(follower.replicatedIndex, append.replicatedIndex());
        if (!stored) {
            // Nothing new that a flush would speak of.
            reply(follower, leader);
        }
    }

    /** Appends what the log does not have, and cuts off what contradicts it. Whether anything was appended. */
    private boolean store(AppendEntries append) {
        ReplicaLog log = state.log;
        boolean stored = false;
        for (LogEntry entry : append.entries()) {
            if (log.termAt(entry.lastIndex()) == entry.term()) {
                continue;
            }
            if (entry.firstIndex() <= log.lastIndex()) {
                // Another leader's entry stands here; never one that is committed, which is asserted there.
                state.truncate(entry.firstIndex());
            }
            // The leader sends a witness no payloads. What this node's own log says of its kind may be of the past: a
            // new disk under the name of a former witness is filled like any other.
            state.append(entry);
            stored = true;
        }
        return stored;
    }

    private static boolean isConsecutive(AppendEntries append) {
        long next = append.prevIndex() + 1;
        long term = append.prevTerm();
        for (LogEntry entry : append.entries()) {
            if (entry.firstIndex() != next || entry.term() < term) {
                return false;
            }
            next = entry.lastIndex() + 1;
            term = entry.term();
        }
        return true;
    }

    private void refuse(NodeId leader, AppendEntries append) {
        ReplicaLog log = state.log;
        boolean tooShort = append.prevIndex() > log.lastIndex();
        state.send(
                leader,
                new AppendReply(
                        false,
                        append.prevIndex(),
                        log.lastIndex(),
                        tooShort ? 0 : log.termAt(append.prevIndex()),
                        tooShort ? log.lastIndex() + 1 : log.control().firstIndexOfTerm(append.prevIndex())));
    }

    private void reply(FollowerState follower, NodeId leader) {
        long durable = Math.min(state.log.durableIndex(), follower.matchedIndex);
        // What matched but is not durable yet is acknowledged by a later flush.
        follower.replyDue = durable < follower.matchedIndex;
        state.send(leader, new AppendReply(true, follower.replyPrevIndex, durable, 0, 0));
    }

    /** The log is durable up to a new index. */
    void onFlushed(FollowerState follower) {
        commit(follower, Math.min(follower.leaderCommit, follower.matchedIndex));
        NodeId leader = follower.leader;
        if (follower.replyDue && leader != null) {
            reply(follower, leader);
        }
    }

    /** The disk is full: the log goes back to what is stored, and takes appends again. */
    void onRefused(long fromIndex) {
        if (fromIndex > state.log.lastIndex()) {
            throw new IllegalStateException("entries refused beyond the end of the log: " + fromIndex);
        }
        state.truncate(fromIndex);
        if (state.role instanceof FollowerState follower) {
            follower.matchedIndex = Math.min(follower.matchedIndex, state.log.lastIndex());
            follower.replyDue = false;
        }
    }

    void onHeartbeat(FollowerState follower, NodeId leader, Heartbeat heartbeat) {
        follower.leaderCommit = Math.max(follower.leaderCommit, heartbeat.commitIndex());
        commit(follower, Math.min(follower.leaderCommit, follower.matchedIndex));
        follower.replicatedIndex = Math.max(follower.replicatedIndex, heartbeat.replicatedIndex());
        if (state.knownHealth.told(heartbeat.suspected(), heartbeat.unhealthy())) {
            state.touch();
        }
        state.send(leader, new HeartbeatReply(heartbeat.round(), follower.matchedIndex));
    }

    /** Commits up to {@code index}, of which the log is known to be the leader's, as far as it is durable. */
    private void commit(FollowerState follower, long index) {
        long committed = Math.min(index, state.log.durableIndex());
        if (committed > state.log.commitIndex()) {
            state.log.commit(committed);
            state.requirePayloads();
            state.touch();
        }
        if (follower.matchedIndex > state.log.lastIndex()) {
            throw new IllegalStateException("the log ends before what matched: " + follower.matchedIndex);
        }
    }
}
