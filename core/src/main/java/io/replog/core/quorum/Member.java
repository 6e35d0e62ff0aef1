package io.replog.core.quorum;

/**
 * One member of the cluster, as the log has it.
 *
 * @param id          the member's name
 * @param url         base URL under which clients and peers reach it, without a trailing slash
 * @param kind        what it is there for
 * @param priority    who campaigns first and who is handed the lead; never who wins a vote. At least 0, default 1
 * @param incarnation identity of the member's disk, drawn at random when its data directory was made;
 *                    0 while no disk of this member has been bound. Votes and acknowledgements of another
 *                    incarnation do not count: the disk that promised them is gone
 */
public record Member(NodeId id, String url, MemberKind kind, int priority, long incarnation) {
    /** The priority of a member for which none was set. */
    public static final int DEFAULT_PRIORITY = 1;

    /** The {@link #incarnation} of a member whose disk has never been seen. */
    public static final long UNBOUND = 0;

    public Member {
        if (priority < 0) {
            throw new IllegalArgumentException("priority " + priority + ": accepted are whole numbers from 0");
        }
    }

    public Member withKind(MemberKind newKind) {
        return new Member(id, url, newKind, priority, incarnation);
    }

    public Member withIncarnation(long newIncarnation) {
        return new Member(id, url, kind, priority, newIncarnation);
    }

    public Member withUrl(String newUrl) {
        return new Member(id, newUrl, kind, priority, incarnation);
    }
}
