package io.replog.core.quorum;

/**
 * How many members must hold a write durably before it is acknowledged. It says when to answer and never changes
 * the commit rule.
 */
public sealed interface WriteConcern {
    WriteConcern MAJORITY = new Majority();
    WriteConcern ALL = new All();

    /**
     * A number of distinct data-bearing members, the leader included. From the voters' majority upward the write is
     * also committed when it is acknowledged.
     *
     * @param members at least 1
     */
    record Count(int members) implements WriteConcern {
        public Count {
            if (members < 1) {
                throw new IllegalArgumentException("w=" + members + ": " + ACCEPTED);
            }
        }

        @Override
        public String toString() {
            return Integer.toString(members);
        }
    }

    /** Committed: durable on a majority of the voters, by Raft's rule. */
    record Majority() implements WriteConcern {
        @Override
        public String toString() {
            return "majority";
        }
    }

    /** Every data-bearing member of the membership, up or down. */
    record All() implements WriteConcern {
        @Override
        public String toString() {
            return "all";
        }
    }

    String ACCEPTED = "accepted are a whole number from 1 to the number of data-bearing members, 'majority' and 'all'";

    /** @throws IllegalArgumentException with a message that names what is accepted */
    static WriteConcern parse(String text) {
        return switch (text) {
            case "majority" -> MAJORITY;
            case "all" -> ALL;
            default -> {
                if (!text.matches("[0-9]{1,9}")) {
                    throw new IllegalArgumentException("w='" + text + "': " + ACCEPTED);
                }
                yield new Count(Integer.parseInt(text));
            }
        };
    }
}
