package io.replog.api.cluster;

/**
 * A member in {@link NodeHealth}.
 *
 * @param id     its id
 * @param status {@code Healthy}, {@code Suspected} or {@code Unhealthy}, by the heartbeats that were heard
 * @param role   its role as far as known
 * @param kind   {@code voter}, {@code learner}, {@code spare} or {@code witness}
 */
public record MemberHealth(String id, String status, String role, String kind) {}
