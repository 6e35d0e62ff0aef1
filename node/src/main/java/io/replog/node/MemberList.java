package io.replog.node;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code replog.members}. */
final class MemberList {
    private static final String PROPERTY = "replog.members";
    private static final String ACCEPTED =
            "accepted are id=url pairs such as 'master=http://127.0.0.1:5000', each with an"
                    + " optional ;kind=voter|learner|spare|witness and ;priority=N (a whole number from 0)";

    /** One item of the list; {@code kind} is null where it names none. */
    private record Item(NodeId id, String url, @Nullable MemberKind kind, int priority) {}

    private final NodeId self;
    private final boolean failover;
    private final boolean founder;

    /**
     * @param failover where false, a member without a kind is a learner, unless it is the master
     * @param founder  whether {@code self} is the master
     */
    MemberList(NodeId self, boolean failover, boolean founder) {
        this.self = self;
        this.failover = failover;
        this.founder = founder;
    }

    /** @throws InvalidSettingException where the list is not one that a cluster can be founded with */
    Membership parse(List<String> texts) {
        List<Item> items = new ArrayList<>();
        Set<NodeId> ids = new HashSet<>();
        Set<String> urls = new HashSet<>();
        for (String text : texts) {
            Item item = item(text.strip());
            if (!ids.add(item.id())) {
                throw invalid(text, "the id '" + item.id() + "' is listed twice; " + ACCEPTED);
            }
            if (!urls.add(item.url())) {
                throw invalid(text, "the url " + item.url() + " is listed twice; " + ACCEPTED);
            }
            items.add(item);
        }
        String all = String.join(",", texts);
        if (!ids.contains(self)) {
            throw invalid(all, "it must have this node's id (replog.node-id), which is '" + self + "'");
        }
        List<Member> members = new ArrayList<>();
        NodeId fixedMaster = fixedMaster(items);
        for (Item item : items) {
            MemberKind kind = item.kind();
            if (kind == null) {
                kind = failover || item.id().equals(fixedMaster) ? MemberKind.VOTER : MemberKind.LEARNER;
            }
            members.add(new Member(item.id(), item.url(), kind, item.priority(), Member.UNBOUND));
        }
        if (members.stream().noneMatch(member -> member.kind().mayLead())) {
            throw invalid(all, "at least one member must be a voter that bears data (kind=voter)");
        }
        return new Membership(members);
    }

    /** With a fixed leader: the member that leads where none is called a voter. */
    private @Nullable NodeId fixedMaster(List<Item> items) {
        if (failover || items.stream().anyMatch(item -> item.kind() == MemberKind.VOTER)) {
            return founder ? self : null;
        }
        if (founder) {
            return self;
        }
        return items.stream()
                .filter(item -> item.kind() == null && !item.id().equals(self))
                .map(Item::id)
                .findFirst()
                .orElse(null);
    }

    private static Item item(String text) {
        String[] parts = text.split(";", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 1) {
            throw invalid(text, ACCEPTED);
        }
        NodeId id;
        try {
            id = new NodeId(parts[0].substring(0, equals).strip());
        } catch (IllegalArgumentException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
        String url = url(text, parts[0].substring(equals + 1).strip());
        MemberKind kind = null;
        int priority = Member.DEFAULT_PRIORITY;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("kind=")) {
                kind = kind(text, part.substring("kind=".length()));
            } else if (part.matches("priority=[0-9]{1,9}")) {
                priority = Integer.parseInt(part.substring("priority=".length()));
            } else {
                throw invalid(text, "'" + part + "' is not understood; " + ACCEPTED);
            }
        }
        return new Item(id, url, kind, priority);
    }

    private static MemberKind kind(String text, String kind) {
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "voter" -> MemberKind.VOTER;
            case "learner" -> MemberKind.LEARNER;
            case "spare" -> MemberKind.SPARE;
            case "witness" -> MemberKind.WITNESS;
            default -> throw invalid(text, "the kind '" + kind + "' is unknown; " + ACCEPTED);
        };
    }

    private static String url(String text, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw invalid(text, "'" + url + "' is not a url; " + ACCEPTED);
        }
        if ("https".equalsIgnoreCase(uri.getScheme())) {
            throw invalid(text, "https is not supported between members; " + ACCEPTED);
        }
        boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
        boolean root = uri.getRawPath() == null || uri.getRawPath().matches("/?");
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !bare || !root) {
            throw invalid(text, "'" + url + "' is not of the form http://host:port; " + ACCEPTED);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw invalid(text, "the port of '" + url + "' is not from 1 to 65535; " + ACCEPTED);
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static InvalidSettingException invalid(String value, String accepted) {
        return new InvalidSettingException(PROPERTY, value, accepted);
    }
}
