package io.replog.core.replica;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.protocol.PeerMessage.AppendReply;
import io.replog.core.protocol.PeerMessage.Heartbeat;
import io.replog.core.protocol.PeerMessage.HeartbeatReply;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.List;

/**
 * The leader's side of replication: one ordered pipeline for each peer, driven by what that peer holds durably. A peer is
 * first probed with one append at a time until its log is known to match, then several are on the way. A peer that is
 * silent gets heartbeats alone, and is served at once when it answers one.
 */
final class Replication {
    /** Election time-outs after which an append on the way is given up for lost, however slow the peer was before. */
    private static final int LONGEST_PATIENCE = 8;

    private final ReplicaState state;
    private final LogReads logReads;

    Replication(ReplicaState state, LogReads logReads) {
        this.state = state;
        this.logReads = logReads;
    }

    /** Sends each peer what it may be sent. */
    void replicate(LeaderState leader) {
        for (Progress peer : leader.peers()) {
            replicate(leader, peer);
        }
    }

    private void replicate(LeaderState leader, Progress peer) {
        if (peer.isSilent() || peer.readToken != 0) {
            return;
        }
        if (peer.probing) {
            if (peer.probePrevIndex < 0) {
                probe(leader, peer);
            }
            return;
        }
        long last = lastToSend(leader, peer);
        while (peer.nextIndex <= last
                && peer.inFlight.size() < state.limits().inFlightBatches()
                && peer.inFlightBytes < state.limits().inFlightBytes()) {
            List<LogEntry> entries = inMemory(peer, last);
            if (entries.isEmpty()) {
                readFor(leader, peer);
                return;
            }
            sendEntries(leader, peer, entries);
        }
    }

    private void probe(LeaderState leader, Progress peer) {
        long last = lastToSend(leader, peer);
        if (peer.nextIndex > last) {
            sendProbe(leader, peer, last, List.of());
            return;
        }
        List<LogEntry> entries = inMemory(peer, last);
        if (entries.isEmpty()) {
            readFor(leader, peer);
        } else {
            sendProbe(leader, peer, entries.getFirst().firstIndex() - 1, entries);
        }
    }

    /**
     * A witness is sent only what is durable at a node that stays and may lead. If it knew of an entry whose payload a
     * crash can still take back, or of which the only copy leaves with this node, it would refuse its vote to everyone
     * who lacks the entry, and nobody would have it. So as long as a successor keeps up, the witness is not sent what none of them
     * holds: this node may be the next to fail.
     */
    private long lastToSend(LeaderState leader, Progress peer) {
        if (peer.member.kind() != MemberKind.WITNESS) {
            return state.log.lastIndex();
        }
        long durable = state.log.durableIndex();
        return state.isLeaving() || leader.hasSuccessorThatKeepsUp()
                ? Math.min(durable, leader.heldBySuccessors())
                : durable;
    }

    /** What follows what the peer was sent, up to {@code last} and as far as it is in memory. */
    private List<LogEntry> inMemory(Progress peer, long last) {
        return upTo(last, state.log.from(peer.nextIndex, state.limits().batchBytes()));
    }

    private static List<LogEntry> upTo(long last, List<LogEntry> entries) {
        return entries.isEmpty() || entries.getLast().lastIndex() <= last
                ? entries
                : entries.stream().filter(entry -> entry.lastIndex() <= last).toList();
    }

    private void sendProbe(LeaderState leader, Progress peer, long prevIndex, List<LogEntry> entries) {
        peer.probePrevIndex = prevIndex;
        peer.probeLastIndex = entries.isEmpty() ? prevIndex : entries.getLast().lastIndex();
        peer.probeBytes = LogEntry.totalLength(entries);
        peer.probeSentAt = state.now();
        sendAppend(leader, peer, prevIndex, entries);
    }

    private void sendEntries(LeaderState leader, Progress peer, List<LogEntry> entries) {
        // The batch may begin within what the peer has: entries are sent whole.
        sendAppend(leader, peer, entries.getFirst().firstIndex() - 1, entries);
        peer.sent(entries.getLast().lastIndex(), LogEntry.totalLength(entries), state.now());
    }

    private void sendAppend(LeaderState leader, Progress peer, long prevIndex, List<LogEntry> entries) {
        // A witness stores no payload, so it is sent none.
        List<LogEntry> sent = peer.member.kind() == MemberKind.WITNESS
                ? entries.stream().map(EntryCodec::omitPayload).toList()
                : entries;
        peer.toldCommit = state.log.commitIndex();
        state.send(
                peer.id,
                new AppendEntries(
                        prevIndex, state.log.termAt(prevIndex), sent, state.log.commitIndex(), leader.replicatedIndex));
    }

    private void readFor(LeaderState leader, Progress peer) {
        long from = peer.nextIndex;
        long term = state.term();
        peer.readToken = logReads.ask(from, read -> {
            // An answer to another leader state, or from before the peer went back, finds its token gone.
            if (state.role != leader || state.term() != term) {
                return;
            }
            peer.readToken = 0;
            List<LogEntry> entries = upTo(lastToSend(leader, peer), read);
            if (entries.isEmpty() || peer.nextIndex != from || peer.isSilent()) {
                return;
            }
            if (peer.probing) {
                sendProbe(leader, peer, entries.getFirst().firstIndex() - 1, entries);
            } else {
                sendEntries(leader, peer, entries);
            }
        });
    }

    /** Goes back to probing, beginning with the entry that takes {@code fromIndex}. */
    private void goBack(Progress peer, long fromIndex) {
        if (peer.readToken != 0) {
            logReads.forget(peer.readToken);
        }
        peer.probe(fromIndex);
    }

    /** Any message of {@code peer} in this term. */
    void heard(LeaderState leader, Progress peer, PeerEnvelope envelope) {
        peer.heardAt = state.now();
        boolean isBack = peer.health != Health.HEALTHY || peer.incarnation == Member.UNBOUND;
        if (peer.incarnation != envelope.incarnation()) {
            if (peer.incarnation != Member.UNBOUND) {
                // Another disk answers under the peer's name: nothing is known of its log.
                peer.matchIndex = 0;
                peer.answeredRound = 0;
                goBack(peer, peer.nextIndex);
            }
            peer.incarnation = envelope.incarnation();
            peer.catchUpTarget = leader.catchUpTarget(state.log.commitIndex());
            state.touch();
        }
        if (isBack) {
            boolean wasSilent = peer.isSilent();
            if (peer.health != Health.HEALTHY) {
                health(peer, Health.HEALTHY);
            }
            // It answers again: what was on the way is lost, and it is served at once.
            boolean probeLost = peer.probing
                    && state.now() - peer.probeSentAt >= state.timing().heartbeatInterval();
            if (wasSilent || probeLost) {
                peer.losses = 0;
                goBack(peer, peer.matchIndex > 0 ? peer.matchIndex + 1 : peer.nextIndex);
            }
        }
    }

    void onAppendReply(Progress peer, AppendReply reply) {
        if (reply.accepted()) {
            if (reply.durableIndex() > state.log.lastIndex()) {
                throw new IllegalStateException(peer.id + " acknowledges " + reply.durableIndex()
                        + " of a log that ends at " + state.log.lastIndex());
            }
            // A peer that acknowledges twice counts once: only the highest index is kept.
            boolean grew = reply.durableIndex() > peer.matchIndex;
            peer.acknowledged(reply.durableIndex(), state.now());
            if (grew) {
                state.touch();
            }
            if (peer.probing && peer.probePrevIndex >= 0 && reply.durableIndex() >= peer.probePrevIndex) {
                peer.matched();
            }
            return;
        }
        boolean ofProbe = peer.probing && peer.probePrevIndex == reply.prevIndex();
        boolean ofPipeline = !peer.probing && reply.prevIndex() > peer.matchIndex;
        if (ofProbe || ofPipeline) {
            goBack(peer, Math.min(reply.prevIndex(), nextAfterConflict(reply)));
        }
    }

    /**
     * Where to try next (§3.3, the optimisation): a conflicting term is skipped as a whole. Where this log has entries of
     * that term the logs may agree up to the last of them; else before the first one that the peer has of it.
     */
    private long nextAfterConflict(AppendReply reply) {
        if (reply.durableIndex() < reply.prevIndex()) {
            // Its log is too short.
            return reply.durableIndex() + 1;
        }
        long limit = Math.min(reply.prevIndex(), state.log.lastIndex());
        long last = state.log.control().lastIndexOfTermAtMost(reply.conflictTerm(), limit);
        boolean hasTerm = last > 0 && state.log.termAt(last) == reply.conflictTerm();
        return hasTerm && last >= reply.conflictIndex() ? last + 1 : reply.conflictIndex();
    }

    void onHeartbeatReply(LeaderState leader, Progress peer, HeartbeatReply reply) {
        peer.answeredRound = Math.max(peer.answeredRound, reply.round());
        if (!peer.probing && reply.lastIndex() < peer.matchIndex) {
            // It restarted and no longer knows that its log matches: an empty append tells it, and the commit index.
            sendAppend(leader, peer, peer.matchIndex, List.of());
        }
        retransmit(leader, peer, reply.lastIndex());
    }

    /**
     * Gives up what was on the way too long for lost: the peer is there, yet what was sent did not arrive. Each loss in a
     * row doubles the patience, up to a cap; a peer that is slow by nature sets its own pace.
     */
    private void retransmit(LeaderState leader, Progress peer, long arrivedIndex) {
        long patience = patience(peer);
        if (peer.probing) {
            if (peer.probePrevIndex >= 0 && state.now() - peer.probeSentAt > patience) {
                lost(peer, peer.nextIndex);
            }
        } else if (!peer.inFlight.isEmpty()) {
            Progress.Batch oldest = peer.inFlight.peek();
            if (state.now() - oldest.sentAt() > patience) {
                if (arrivedIndex < oldest.lastIndex()) {
                    lost(peer, peer.matchIndex + 1);
                } else {
                    // It arrived, so it is slow to store it, or its answer was lost: an empty append asks for it.
                    sendAppend(leader, peer, peer.matchIndex, List.of());
                }
            }
        }
    }

    private void lost(Progress peer, long fromIndex) {
        peer.losses++;
        peer.patience = 0;
        goBack(peer, fromIndex);
    }

    private long patience(Progress peer) {
        if (peer.patience == 0) {
            long timeout = state.timing().electionTimeout();
            long usual = Math.clamp(3 * peer.roundTrip, timeout / 2, LONGEST_PATIENCE * timeout);
            long cap = Math.max(usual, 2 * timeout);
            long grown = Math.min(usual << Math.min(peer.losses, 8), cap);
            peer.patience = grown + state.random.nextLong(grown / 4 + 1);
        }
        return peer.patience;
    }

    // --- heartbeats and health

    /** Begins a round of heartbeats; an answer to it confirms that this node still leads (§6.4). */
    void heartbeat(LeaderState leader) {
        leader.round++;
        List<NodeId> suspected = leader.withHealth(Health.SUSPECTED);
        List<NodeId> unhealthy = leader.withHealth(Health.UNHEALTHY);
        for (Progress peer : leader.peers()) {
            long commitIndex = Math.min(peer.matchIndex, state.log.commitIndex());
            state.send(peer.id, new Heartbeat(commitIndex, leader.replicatedIndex, leader.round, suspected, unhealthy));
        }
    }

    /** Tells followers the commit index that no append has told them. */
    void noticeCommit(LeaderState leader) {
        leader.commitNoticeAt = Long.MAX_VALUE;
        for (Progress peer : leader.peers()) {
            if (!peer.probing && !peer.isSilent() && peer.toldCommit < state.log.commitIndex()) {
                sendAppend(leader, peer, peer.matchIndex, List.of());
            }
        }
    }

    /** Whether some follower has not been told the commit index. */
    boolean owesCommit(LeaderState leader) {
        for (Progress peer : leader.peers()) {
            if (!peer.probing && !peer.isSilent() && peer.toldCommit < state.log.commitIndex()) {
                return true;
            }
        }
        return false;
    }

    /** Looks who has been silent for how long. */
    void judgeHealth(LeaderState leader) {
        for (Progress peer : leader.peers()) {
            Health judged = Silence.judge(state.timing(), state.now() - peer.heardAt);
            // Only a message makes a peer healthy again.
            if (judged.compareTo(peer.health) > 0) {
                health(peer, judged);
            }
        }
    }

    private void health(Progress peer, Health health) {
        peer.health = health;
        peer.healthSince = state.now();
        state.touch();
    }
}
