package io.replog.core.protocol;

import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import java.util.List;

/** What one replica says to another. The sender and its term stand in the {@link PeerEnvelope}. */
public sealed interface PeerMessage {

    /** Whether it carries entries: such messages travel apart, so that heartbeats and votes never queue behind them. */
    default boolean carriesEntries() {
        return this instanceof AppendEntries append && !append.entries().isEmpty();
    }

    /** "Who are you?", asked by a node that has no cluster yet. Answered by every node, blank or not. */
    record Hello() implements PeerMessage {}

    /**
     * Answer to {@link Hello}. A sender without a cluster ({@link ClusterId#NONE}) holds no data.
     *
     * @param lastIndex the sender's last durable index
     */
    record HelloReply(long lastIndex) implements PeerMessage {}

    /**
     * Asks whether the receiver would vote for the sender in {@code nextTerm}; changes nothing (Raft dissertation,
     * §9.6).
     *
     * @param nextTerm         the term in which the sender would campaign
     * @param lastIndex        of the sender's log
     * @param lastTerm         of the sender's log
     * @param voterIncarnation incarnation of the receiver as the sender's membership has it: a voter with another
     *                         disk must not vote, for it may have forgotten a vote
     */
    record PreVote(long nextTerm, long lastIndex, long lastTerm, long voterIncarnation) implements PeerMessage {}

    /**
     * Asks for a vote in the envelope's term (§3.4).
     *
     * @param transfer set where the leader asked for this election (§3.10): the receiver then need not wait for the
     *                 leader to fall silent
     */
    record RequestVote(long lastIndex, long lastTerm, long voterIncarnation, boolean transfer) implements PeerMessage {}

    /**
     * Answer to {@link PreVote} and {@link RequestVote}.
     *
     * @param preVote whether it answers a {@link PreVote}
     * @param term    the term that the vote is for
     */
    record Vote(boolean preVote, long term, boolean granted) implements PeerMessage {}

    /**
     * Entries that follow {@code prevIndex}; empty as a probe, or to tell the commit index at once (§3.5).
     *
     * @param prevIndex       index before the first entry; last index of an entry of the sender
     * @param prevTerm        term at {@code prevIndex}
     * @param commitIndex     the sender's commit index
     * @param replicatedIndex up to which every data-bearing member holds the log durably, as far as the sender knows
     */
    record AppendEntries(long prevIndex, long prevTerm, List<LogEntry> entries, long commitIndex, long replicatedIndex)
            implements PeerMessage {}

    /**
     * Answer to {@link AppendEntries}, sent when what it claims is durable.
     *
     * @param accepted      whether the receiver's log matched at {@code prevIndex}
     * @param prevIndex     as in the request
     * @param durableIndex  accepted: up to here the receiver's log equals the sender's and is durable.
     *                      Refused: the receiver's last index, for a faster search of the common prefix (§3.3)
     * @param conflictTerm  refused: term of the receiver's entry at {@code prevIndex}, 0 where it has none
     * @param conflictIndex refused: first index that the receiver has of that term, or the one after its last
     */
    record AppendReply(boolean accepted, long prevIndex, long durableIndex, long conflictTerm, long conflictIndex)
            implements PeerMessage {}

    /**
     * The leader is alive. Says nothing about the log; {@code commitIndex} never goes beyond what the receiver is known
     * to hold.
     *
     * @param commitIndex     at most what the receiver has acknowledged
     * @param replicatedIndex as in {@link AppendEntries}
     * @param round           number of this round; a reply to it confirms the leader for every read that came before
     *                        the round began (§6.4)
     * @param suspected       other members that were silent for a while, for people who ask the receiver
     * @param unhealthy       other members that were silent for long, likewise
     */
    record Heartbeat(long commitIndex, long replicatedIndex, long round, List<NodeId> suspected, List<NodeId> unhealthy)
            implements PeerMessage {
        public Heartbeat(long commitIndex, long replicatedIndex, long round) {
            this(commitIndex, replicatedIndex, round, List.of(), List.of());
        }
    }

    /**
     * @param round     as in the request
     * @param lastIndex up to here the sender's log is known to be the leader's, durable or not; 0 where nothing is known
     *                  in this term. So a leader notices a peer that restarted, or that entries were lost on the way
     */
    record HeartbeatReply(long round, long lastIndex) implements PeerMessage {}

    /**
     * A follower asks the leader for an index that is safe to read at (§6.4).
     *
     * @param id number of the request at the sender
     */
    record ReadIndex(long id) implements PeerMessage {}

    /**
     * @param confirmed false where the sender cannot confirm that it leads
     * @param index     where confirmed: reads from a state at this index or later are linearizable
     */
    record ReadIndexReply(long id, boolean confirmed, long index) implements PeerMessage {}

    /** The leader asks the receiver to campaign at once (§3.10). */
    record TimeoutNow() implements PeerMessage {}
}
