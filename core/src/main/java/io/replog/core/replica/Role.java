package io.replog.core.replica;

/** A node's part in its term, as it is shown outside. */
public enum Role {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    LEARNER,
    WITNESS
}
