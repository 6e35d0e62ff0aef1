package io.replog.api.cluster;

/**
 * Body of {@code POST /cluster/leader}.
 *
 * @param to id of the member that is to lead
 */
public record NewLeader(String to) {}
