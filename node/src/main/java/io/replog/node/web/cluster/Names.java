package io.replog.node.web.cluster;

import io.replog.core.log.EntryType;
import io.replog.core.quorum.MemberKind;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.web.http.ProblemException;

/** The words of the outside for what the core has as enums. */
final class Names {
    private Names() {}

    static String of(Role role) {
        return switch (role) {
            case LEADER -> "leader";
            case FOLLOWER -> "follower";
            case CANDIDATE -> "candidate";
            case LEARNER -> "learner";
            case WITNESS -> "witness";
        };
    }

    static String of(ReplicaStatus.Health health) {
        return switch (health) {
            case HEALTHY -> "Healthy";
            case SUSPECTED -> "Suspected";
            case UNHEALTHY -> "Unhealthy";
        };
    }

    static String of(MemberKind kind) {
        return switch (kind) {
            case VOTER -> "voter";
            case LEARNER -> "learner";
            case SPARE -> "spare";
            case WITNESS -> "witness";
        };
    }

    static String of(EntryType type) {
        return switch (type) {
            case MESSAGES -> "message";
            case COMMAND -> "command";
            case NO_OP -> "no-op";
            case MEMBERSHIP -> "membership";
        };
    }

    static MemberKind kind(String text) {
        for (MemberKind kind : MemberKind.values()) {
            if (of(kind).equals(text)) {
                return kind;
            }
        }
        throw ProblemException.badRequest("'kind' is '" + text + "': accepted are voter, learner, spare and witness");
    }
}
