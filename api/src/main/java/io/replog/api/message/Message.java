package io.replog.api.message;

/**
 * A message in a list or stream.
 *
 * @param id      its number, from 1, without gaps
 * @param message its text
 */
public record Message(long id, String message) {}
