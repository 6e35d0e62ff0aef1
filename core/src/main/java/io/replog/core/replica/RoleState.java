package io.replog.core.replica;

/**
 * What a replica knows by virtue of its part in the current term. The legal transitions (dissertation, figure 3.3):
 *
 * <pre>
 * Follower  → Follower   a leader of this term shows itself; a newer term
 *           → Candidate  no leader is heard: asks for pre-votes, in the same term (§9.6); told to campaign (§3.10)
 * Candidate → Candidate  enough pre-votes: campaigns in the next term; no majority in time: asks for pre-votes again
 *           → Leader     a majority of the voters gave their votes in this term
 *           → Follower   a leader of this term shows itself; a newer term
 * Leader    → Follower   a newer term; no quorum was heard for an election time-out (§6.2); no longer a voter (§4.2.2)
 * </pre>
 */
sealed interface RoleState permits FollowerState, CandidateState, LeaderState {}
