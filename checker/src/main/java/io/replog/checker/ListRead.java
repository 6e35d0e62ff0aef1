package io.replog.checker;

/**
 * A linearizable read of the list of messages.
 *
 * @param id        unique in the history
 * @param process   who asked
 * @param lastId    id of the last message that it gave, 0 for none
 * @param invoked   when it was asked for, on one clock for the whole history
 * @param completed when it was answered
 */
public record ListRead(long id, String process, long lastId, long invoked, long completed) {}
