package io.replog.core.quorum;

/** What a member is there for: whether it votes, and whether it holds data. */
public enum MemberKind {
    /** Votes, stores data, may lead. */
    VOTER,
    /** Stores data and counts toward a write concern; does not vote. */
    LEARNER,
    /** A learner that is made a voter by the leader when a voter has been unhealthy for long. */
    SPARE,
    /** Votes, and durably stores each entry's index and term but no payload; never leads. */
    WITNESS;

    /** Whether members of this kind count for elections and for commit. */
    public boolean votes() {
        return this == VOTER || this == WITNESS;
    }

    /** Whether members of this kind store payloads, and so count toward a write concern. */
    public boolean bearsData() {
        return this != WITNESS;
    }

    /** Whether a member of this kind may become leader. */
    public boolean mayLead() {
        return this == VOTER;
    }
}
