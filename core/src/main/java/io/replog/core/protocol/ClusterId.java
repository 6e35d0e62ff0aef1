package io.replog.core.protocol;

/**
 * Identity of a cluster, drawn at random by the node that founds it.
 *
 * @param high first half; both are 0 for {@link #NONE}
 * @param low  second half
 */
public record ClusterId(long high, long low) {
    /** What a node says that has neither founded nor joined a cluster. */
    public static final ClusterId NONE = new ClusterId(0, 0);

    public boolean isNone() {
        return equals(NONE);
    }

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
