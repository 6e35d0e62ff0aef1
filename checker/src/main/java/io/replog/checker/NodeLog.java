package io.replog.checker;

import java.util.List;

/**
 * The messages that a node listed.
 *
 * @param node     its id
 * @param complete whether the node had everything then: taken from all nodes after the last fault was healed and the
 *                 logs had converged. An incomplete list may end early and must agree as far as it goes
 * @param messages in the order in which they were listed
 */
public record NodeLog(String node, boolean complete, List<Message> messages) {
    public record Message(long id, String text) {}
}
