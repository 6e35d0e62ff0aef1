package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.ArrayDeque;

/** What a leader knows of one other member. */
final class Progress {
    /** A batch on its way. */
    record Batch(long lastIndex, long bytes, long sentAt) {}

    final NodeId id;
    Member member;

    /** Removed from the membership; served until it has the entry that says so. */
    boolean departing;

    /** The disk that the peer was heard with last, 0 until it is heard in this term. */
    long incarnation;

    /** Up to here the peer's log is this one and durable. */
    long matchIndex;

    /** First index that was not sent yet. */
    long nextIndex;

    /** What the peer must hold before it counts for a write concern, see {@link LeaderState#catchUpTarget}. */
    long catchUpTarget;

    /** Whether the peer's log is not known to match yet: then one append at a time is on the way. */
    boolean probing = true;

    /** Where the probe on the way begins, -1 for none on the way. */
    long probePrevIndex = -1;

    long probeLastIndex;
    long probeBytes;
    long probeSentAt;

    /** Batches on their way, oldest first. */
    final ArrayDeque<Batch> inFlight = new ArrayDeque<>();

    long inFlightBytes;

    /** Token of the read from the log that the peer waits for, 0 for none. */
    long readToken;

    /** When any message of the peer was heard last. */
    long heardAt;

    Health health = Health.HEALTHY;

    /** Since when {@link #health} is as it is. */
    long healthSince;

    /** Newest round of heartbeats that it answered. */
    long answeredRound;

    /** The commit index that an append told it last. */
    long toldCommit;

    /** Smoothed time from an append to its acknowledgement, nanoseconds. */
    long roundTrip;

    /** How often in a row what is on the way was given up for lost. */
    int losses;

    /** How long an append may be on the way before it is given up for lost, 0 until it is drawn anew; nanoseconds. */
    long patience;

    Progress(NodeId id, Member member, long nextIndex, long now) {
        this.id = id;
        this.member = member;
        this.nextIndex = nextIndex;
        heardAt = now;
        healthSince = now;
    }

    /** Whether its votes and acknowledgements count: it speaks for the disk that the membership has. */
    boolean isBound() {
        return incarnation != Member.UNBOUND && member.incarnation() == incarnation;
    }

    boolean isBoundVoter() {
        return !departing && member.kind().votes() && isBound();
    }

    /** Whether it could be elected. */
    boolean mayLead() {
        return isBoundVoter() && member.kind().mayLead();
    }

    /** Up to where it counts for a write concern. */
    long countedIndex() {
        return matchIndex >= catchUpTarget ? matchIndex : 0;
    }

    /** Whether a leader keeps quiet towards it but for heartbeats. */
    boolean isSilent() {
        return health == Health.UNHEALTHY;
    }

    /** Goes back to one append at a time, beginning with the entry that takes {@code fromIndex}. */
    void probe(long fromIndex) {
        probing = true;
        probePrevIndex = -1;
        readToken = 0;
        inFlight.clear();
        inFlightBytes = 0;
        nextIndex = Math.max(fromIndex, matchIndex + 1);
    }

    /** The probe's beginning matched: what it carried is on the way like any other batch. */
    void matched() {
        long last = probeLastIndex;
        probing = false;
        probePrevIndex = -1;
        nextIndex = matchIndex + 1;
        if (last > matchIndex) {
            sent(last, probeBytes, probeSentAt);
        }
    }

    void sent(long lastIndex, long bytes, long now) {
        inFlight.add(new Batch(lastIndex, bytes, now));
        inFlightBytes += bytes;
        nextIndex = lastIndex + 1;
    }

    /** Takes an acknowledgement; one that says nothing new changes nothing. */
    void acknowledged(long index, long now) {
        if (index <= matchIndex) {
            return;
        }
        matchIndex = index;
        nextIndex = Math.max(nextIndex, index + 1);
        losses = 0;
        patience = 0;
        long sentAt = probing && probePrevIndex >= 0 ? probeSentAt : -1;
        while (!inFlight.isEmpty() && inFlight.peek().lastIndex() <= index) {
            Batch batch = inFlight.remove();
            inFlightBytes -= batch.bytes();
            sentAt = batch.sentAt();
        }
        if (sentAt >= 0) {
            long sample = now - sentAt;
            roundTrip = roundTrip == 0 ? sample : roundTrip + (sample - roundTrip) / 4;
        }
    }
}
