package io.replog.api.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What happens to clients' requests; shares from 0 to 1.
 *
 * @param dropRequests not worked on, the connection is closed without an answer
 * @param dropReplies  worked on, then the connection is closed without an answer
 * @param errorRate    worked on, then answered with 500
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClientFaults(
        @Nullable Double dropRequests,
        @Nullable Double dropReplies,
        @Nullable Double errorRate) {}
