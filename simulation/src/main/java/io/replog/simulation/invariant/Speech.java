package io.replog.simulation.invariant;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;

/** What a node says to another must be covered by its disk at that moment. */
final class Speech {
    private Speech() {}

    static void check(Holder holder, NodeId to, PeerEnvelope envelope) {
        switch (envelope.message()) {
            case PeerMessage.AppendReply reply ->
                Require.that(
                        !reply.accepted() || reply.durableIndex() <= holder.durable,
                        "durability",
                        () -> holder + " acknowledges " + reply.durableIndex() + ", has forced to " + holder.durable);
            case PeerMessage.Vote vote -> {
                if (vote.granted() && !vote.preVote()) {
                    checkVote(holder, vote.term(), to);
                }
            }
            case PeerMessage.RequestVote _ -> checkVote(holder, envelope.term(), holder.node);
            case PeerMessage.AppendEntries append -> append.entries().forEach(entry -> checkSent(holder, entry));
            case PeerMessage.Hello _,
                    PeerMessage.HelloReply _,
                    PeerMessage.PreVote _,
                    PeerMessage.Heartbeat _,
                    PeerMessage.HeartbeatReply _,
                    PeerMessage.ReadIndex _,
                    PeerMessage.ReadIndexReply _,
                    PeerMessage.TimeoutNow _ -> {}
        }
    }

    private static void checkSent(Holder holder, LogEntry entry) {
        LogEntry here = holder.log.at(entry.lastIndex());
        Require.that(
                here != null && ShadowLog.same(here, entry),
                "a leader sends its log",
                () -> holder + " sends " + entry + ", has " + here);
    }

    private static void checkVote(Holder holder, long term, NodeId candidate) {
        HardState saved = holder.hardState;
        Require.that(
                saved.term() > term || (saved.term() == term && candidate.equals(saved.votedFor())),
                "votes are persisted",
                () -> holder + " votes for " + candidate + " in term " + term + ", has saved " + saved);
        NodeId other = holder.votes.putIfAbsent(term, candidate);
        Require.that(
                other == null || other.equals(candidate),
                "one vote a term",
                () -> holder + " votes for " + candidate + " in term " + term + " after " + other);
    }
}
