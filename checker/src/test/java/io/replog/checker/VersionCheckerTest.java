package io.replog.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionCheckerTest {
    private static KeyVersion version(long id, String key, long index, String value, long atLeast) {
        return new KeyVersion(id, "c" + id, key, index, value, atLeast);
    }

    private static void assertRefused(String rule, KeyVersion... versions) {
        assertThat(VersionChecker.check(List.of(versions)))
                .isInstanceOfSatisfying(Verdict.Violated.class, violated -> assertThat(violated.violations())
                        .singleElement()
                        .satisfies(violation -> {
                            assertThat(violation.rule()).isEqualTo(rule);
                            assertThat(violation.operations()).contains(versions[versions.length - 1].id());
                        }));
    }

    @Test
    void accepts_old_versions_and_own_writes() {
        assertThat(VersionChecker.check(List.of(
                        version(1, "k", 5, "new", 0),
                        version(2, "k", 5, "new", 5),
                        version(3, "k", 4, "old", 0),
                        version(4, "other", 6, "new", 5))))
                .isEqualTo(new Verdict.Passed(4));
    }

    @Test
    void refuses_two_values_of_one_index() {
        assertRefused("one version", version(1, "k", 5, "one", 0), version(2, "k", 5, "other", 0));
    }

    @Test
    void refuses_two_keys_of_one_index() {
        assertRefused("one version", version(1, "k", 5, "one", 0), version(2, "l", 5, "one", 0));
    }

    @Test
    void refuses_a_read_that_lacks_the_own_write() {
        assertRefused("read your writes", version(1, "k", 5, "new", 0), version(2, "k", 4, "old", 5));
    }
}
