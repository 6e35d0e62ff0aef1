package io.replog.systemtests.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cluster is made of.
 *
 * @param members  ids in order, with their kind and priority as {@code replog.members} has them, {@code ""} for none
 * @param settings environment of all nodes
 * @param own      environment of single nodes, by id
 */
public record ClusterSpec(
        Map<String, String> members, Map<String, String> settings, Map<String, Map<String, String>> own) {

    static final String TEXT_PORT = "REPLOG_TEXT_PORT";

    /** The default: a master and two secondaries. */
    public static ClusterSpec three() {
        return of("master", "secondary-1", "secondary-2");
    }

    /** Members as {@code id} or {@code id;kind=…;priority=…}. */
    public static ClusterSpec of(String... members) {
        Map<String, String> attributes = new java.util.LinkedHashMap<>();
        for (String member : members) {
            int end = member.indexOf(';');
            attributes.put(end < 0 ? member : member.substring(0, end), end < 0 ? "" : member.substring(end));
        }
        return new ClusterSpec(attributes, Map.of("REPLOG_FAULTS_ENABLED", "true"), Map.of());
    }

    /**
     * With a leader that keeps the lead, for cases that are not about failover: where several nodes start at once on two
     * processors, a leader may well not hear its quorum for a second, and a failover is right then.
     */
    public ClusterSpec steady() {
        return with("REPLOG_ELECTION_TIMEOUT", "5s");
    }

    public ClusterSpec with(String environment, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put(environment, value);
        return new ClusterSpec(members, changed, own);
    }

    public ClusterSpec with(String id, String environment, String value) {
        Map<String, Map<String, String>> changed = new HashMap<>(own);
        Map<String, String> ofNode = new HashMap<>(changed.getOrDefault(id, Map.of()));
        ofNode.put(environment, value);
        changed.put(id, ofNode);
        return new ClusterSpec(members, settings, changed);
    }

    /** With the text port open on every node; for nodes that are processes. */
    public ClusterSpec withTextPorts() {
        ClusterSpec spec = this;
        for (String id : ids()) {
            spec = spec.with(id, TEXT_PORT, Integer.toString(ProcessCluster.freePort()));
        }
        return spec;
    }

    public List<String> ids() {
        return new ArrayList<>(members.keySet());
    }

    Map<String, String> environmentOf(String id) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.putAll(own.getOrDefault(id, Map.of()));
        environment.put("REPLOG_NODE_ID", id);
        return environment;
    }

    static String appOf(String id) {
        return id.equals("master") ? "master" : "secondary";
    }
}
