package io.replog.core.quorum;

import java.util.regex.Pattern;

/**
 * The name of a node, unique in its cluster and the same for as long as the node is a member.
 *
 * @param value 1–64 letters, digits, dots, underscores or hyphens
 */
public record NodeId(String value) implements Comparable<NodeId> {
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public NodeId {
        if (!isAccepted(value)) {
            throw new IllegalArgumentException(
                    "node id '" + value + "': accepted are 1 to 64 letters, digits, dots, underscores and hyphens");
        }
    }

    /** Whether {@code value} may be the name of a node. */
    public static boolean isAccepted(String value) {
        return ACCEPTED.matcher(value).matches();
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
