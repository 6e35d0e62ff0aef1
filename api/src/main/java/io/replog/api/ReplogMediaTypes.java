package io.replog.api;

/** Media types of requests and responses. */
public final class ReplogMediaTypes {
    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String TEXT = "text/plain";
    public static final String EVENT_STREAM = "text/event-stream";
    public static final String PROBLEM_JSON = "application/problem+json";

    private ReplogMediaTypes() {}
}
