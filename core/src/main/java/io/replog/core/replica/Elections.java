package io.replog.core.replica;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.protocol.PeerMessage.PreVote;
import io.replog.core.protocol.PeerMessage.RequestVote;
import io.replog.core.protocol.PeerMessage.Vote;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import java.util.function.Function;

/** Elections with pre-vote (§3.4, §9.6): who campaigns when, and who gets this node's vote. */
final class Elections {
    private final ReplicaState state;
    private final ElectionTimer timer;
    private final Transitions transitions;
    private final QuorumContact quorumContact;

    Elections(ReplicaState state, ElectionTimer timer, Transitions transitions, QuorumContact quorumContact) {
        this.state = state;
        this.timer = timer;
        this.transitions = transitions;
        this.quorumContact = quorumContact;
    }

    void onTime() {
        if (state.now() < state.electionDeadline) {
            return;
        }
        if (!state.mayCampaign()) {
            timer.stop();
            return;
        }
        String reason = state.role instanceof CandidateState ? "no majority in time" : "no leader is heard";
        CandidateState candidate = transitions.becomeCandidate(true, false, reason);
        ask(member -> new PreVote(state.term() + 1, state.log.lastIndex(), state.log.lastTerm(), member.incarnation()));
        countVotes(candidate);
    }

    /** Campaigns at once, without asking first. */
    void campaign(boolean transfer, String reason) {
        CandidateState candidate = transitions.becomeCandidate(false, transfer, reason);
        ask(member -> new RequestVote(state.log.lastIndex(), state.log.lastTerm(), member.incarnation(), transfer));
        countVotes(candidate);
    }

    private void ask(Function<Member, PeerMessage> question) {
        for (Member member : state.membership().members()) {
            if (member.kind().votes() && !member.id().equals(state.self)) {
                state.send(member.id(), question.apply(member));
            }
        }
    }

    /** The leader asks this node to campaign at once (§3.10). */
    void onTimeoutNow(PeerEnvelope envelope) {
        if (envelope.term() == state.term()
                && state.role instanceof FollowerState follower
                && envelope.from().equals(follower.leader)
                && state.mayCampaign()) {
            campaign(true, "handed over by " + envelope.from());
        }
    }

    void onPreVote(NodeId from, PreVote ask) {
        boolean granted = ask.nextTerm() > state.term()
                && isThisDisk(ask.voterIncarnation())
                && isUpToDate(ask.lastIndex(), ask.lastTerm())
                && !hearsLeader();
        state.send(from, new Vote(true, ask.nextTerm(), granted));
    }

    void onRequestVote(PeerEnvelope envelope, RequestVote ask) {
        NodeId from = envelope.from();
        // A node that hears its leader does not let itself be disturbed, whatever the term (§4.2.3).
        if (!isThisDisk(ask.voterIncarnation()) || (!ask.transfer() && hearsLeader())) {
            state.send(from, new Vote(false, envelope.term(), false));
            return;
        }
        if (envelope.term() > state.term()) {
            transitions.becomeFollower(envelope.term(), null, from + " campaigns");
        }
        boolean granted = envelope.term() == state.term()
                && (state.votedFor() == null || from.equals(state.votedFor()))
                && !state.leads()
                && isUpToDate(ask.lastIndex(), ask.lastTerm());
        if (granted && state.votedFor() == null) {
            state.enterTerm(state.term(), from);
        }
        if (granted) {
            timer.reset();
        }
        state.send(from, new Vote(false, envelope.term(), granted));
    }

    void onVote(PeerEnvelope envelope, Vote vote) {
        if (!(state.role instanceof CandidateState candidate)
                || !vote.granted()
                || vote.preVote() != candidate.preVote
                || vote.term() != state.term() + (candidate.preVote ? 1 : 0)) {
            return;
        }
        boolean counts = state.membership()
                .find(envelope.from())
                .filter(member -> member.kind().votes()
                        && member.incarnation() != Member.UNBOUND
                        && member.incarnation() == envelope.incarnation())
                .isPresent();
        if (counts && candidate.granted.add(envelope.from())) {
            countVotes(candidate);
        }
    }

    private void countVotes(CandidateState candidate) {
        if (candidate.granted.size() < state.membership().majority()) {
            return;
        }
        if (candidate.preVote) {
            campaign(false, "would be elected by " + candidate.granted);
        } else {
            transitions.becomeLeader(candidate);
        }
    }

    /** Whoever asked knows this disk as a voter's; another one may have forgotten a vote. */
    private boolean isThisDisk(long incarnation) {
        return incarnation != Member.UNBOUND && incarnation == state.incarnation();
    }

    /** §3.6.1: only who has all that may be committed is elected. */
    private boolean isUpToDate(long lastIndex, long lastTerm) {
        return lastTerm > state.log.lastTerm()
                || (lastTerm == state.log.lastTerm() && lastIndex >= state.log.lastIndex());
    }

    private boolean hearsLeader() {
        return switch (state.role) {
            case LeaderState leader -> quorumContact.isFresh(leader);
            case CandidateState _ -> false;
            case FollowerState follower ->
                follower.leader != null
                        && state.knownHealth.leaderSilence(state.now())
                                < state.timing().electionTimeout();
        };
    }
}
