package io.replog.checker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether reads of any level told the truth about versions: an index of the log made one value of one key, on whatever
 * node and whenever it is read, and who waits for his own write sees it or a later one.
 */
public final class VersionChecker {
    private static final int MOST_VIOLATIONS = 10;

    private VersionChecker() {}

    /** @param versions what writes and reads were told, in any order */
    public static Verdict check(Collection<KeyVersion> versions) {
        List<Violation> violations = new ArrayList<>();
        Map<Long, KeyVersion> byIndex = new HashMap<>();
        for (KeyVersion version : versions) {
            KeyVersion first = byIndex.putIfAbsent(version.index(), version);
            if (first != null
                    && !(first.key().equals(version.key()) && first.value().equals(version.value()))) {
                violations.add(new Violation("one version", first + ", " + version, List.of(first.id(), version.id())));
            }
            if (version.index() < version.atLeast()) {
                violations.add(new Violation(
                        "read your writes",
                        version + ", though the same process had changed the key at index " + version.atLeast(),
                        List.of(version.id())));
            }
            if (violations.size() >= MOST_VIOLATIONS) {
                break;
            }
        }
        return violations.isEmpty() ? new Verdict.Passed(versions.size()) : new Verdict.Violated(violations);
    }
}
