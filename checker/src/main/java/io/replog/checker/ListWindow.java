package io.replog.checker;

import java.util.List;

/**
 * A part of the list of messages, as a node gave it below the linearizable read level. It may be old, so what can be
 * judged is what it must never show.
 *
 * @param id        unique in the history
 * @param process   who asked
 * @param node      who answered
 * @param committed whether it was asked for what is committed; otherwise for what the node has, which may be rolled back
 * @param messages  in the order in which they were listed; not empty
 */
public record ListWindow(long id, String process, String node, boolean committed, List<NodeLog.Message> messages) {
    @Override
    public String toString() {
        return "read #" + id + " by " + process + " of " + (committed ? "what is committed" : "what is stored") + " on "
                + node;
    }
}
