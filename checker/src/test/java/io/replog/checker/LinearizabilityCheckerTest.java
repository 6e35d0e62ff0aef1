package io.replog.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.checker.KvOperation.Kind;
import io.replog.checker.KvOperation.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityCheckerTest {
    private final List<KvOperation> history = new ArrayList<>();

    private KvOperation add(
            Kind kind, String argument, Status status, @Nullable Observation seen, long invoked, long completed) {
        KvOperation operation = new KvOperation(
                history.size() + 1L, "c" + history.size(), kind, "x", argument, status, seen, invoked, completed);
        history.add(operation);
        return operation;
    }

    private KvOperation put(String value, long invoked, long completed) {
        return add(Kind.PUT, value, Status.OK, null, invoked, completed);
    }

    private KvOperation get(@Nullable String value, long invoked, long completed) {
        return add(Kind.GET, "", Status.OK, new Observation(value), invoked, completed);
    }

    private Violation refused() {
        Verdict verdict = LinearizabilityChecker.check(history);
        assertThat(verdict).isInstanceOf(Verdict.Violated.class);
        return ((Verdict.Violated) verdict).violations().getFirst();
    }

    private void accepted() {
        assertThat(LinearizabilityChecker.check(history)).isEqualTo(new Verdict.Passed(history.size()));
    }

    @Nested
    class Refuses {
        @Test
        void a_lost_write() {
            KvOperation write = put("a", 0, 10);
            KvOperation read = get(null, 20, 30);

            Violation violation = refused();

            assertThat(violation.operations()).contains(write.id(), read.id());
            assertThat(violation.message()).contains("(absent)").contains("\"a\"");
        }

        @Test
        void a_stale_read() {
            KvOperation old = put("a", 0, 10);
            KvOperation fresh = put("b", 20, 30);
            KvOperation read = get("a", 40, 50);

            assertThat(refused().operations()).contains(old.id(), fresh.id(), read.id());
        }

        @Test
        void a_read_that_goes_back_while_the_write_is_open() {
            put("a", 0, 10);
            put("b", 20, 100);
            get("b", 30, 40);
            KvOperation read = get("a", 50, 60);

            assertThat(refused().operations()).contains(read.id());
        }

        @Test
        void a_value_from_nowhere() {
            put("a", 0, 10);
            KvOperation read = get("ghost", 5, 15);

            Violation violation = refused();

            assertThat(violation.operations()).contains(read.id());
            assertThat(violation.message()).contains("no operation of the history writes");
        }

        @Test
        void a_value_from_the_future() {
            KvOperation read = get("a", 0, 10);
            KvOperation write = put("a", 20, 30);

            assertThat(refused().operations()).contains(read.id(), write.id());
        }

        @Test
        void the_value_of_a_refused_write() {
            KvOperation write = add(Kind.PUT, "a", Status.REFUSED, null, 0, 10);
            KvOperation read = get("a", 20, 30);

            assertThat(refused().operations()).contains(read.id(), write.id());
        }

        @Test
        void an_append_that_took_effect_twice() {
            KvOperation append = add(Kind.APPEND, "a", Status.OK, Observation.ABSENT, 0, 10);
            KvOperation read = get("aa", 20, 30);

            assertThat(refused().operations()).contains(append.id(), read.id());
        }

        @Test
        void an_unknown_append_that_took_effect_twice() {
            add(Kind.APPEND, "a", Status.UNKNOWN, null, 0, 10);
            KvOperation read = get("aa", 20, 30);

            assertThat(refused().operations()).contains(read.id());
        }

        @Test
        void reordered_appends() {
            add(Kind.APPEND, "a", Status.OK, null, 0, 10);
            add(Kind.APPEND, "b", Status.OK, null, 20, 30);
            KvOperation read = get("ba", 40, 50);

            assertThat(refused().operations()).contains(read.id());
        }

        @Test
        void two_appends_that_saw_the_same() {
            KvOperation one = add(Kind.APPEND, "a", Status.OK, Observation.ABSENT, 0, 30);
            KvOperation two = add(Kind.APPEND, "b", Status.OK, Observation.ABSENT, 0, 30);

            assertThat(refused().operations()).containsExactlyInAnyOrder(one.id(), two.id());
        }

        @Test
        void a_wrong_hash() {
            add(Kind.HASH, "a", Status.OK, Observation.ABSENT, 0, 10);
            KvOperation read = get("12345", 20, 30);

            assertThat(refused().operations()).contains(read.id());
        }

        @Test
        void a_wrong_hash_after_a_blind_one() {
            add(Kind.HASH, "a", Status.UNKNOWN, null, 0, 10);
            KvOperation read = get("12345", 20, 30);

            assertThat(refused().operations()).contains(read.id());
        }

        @Test
        void a_deleted_value() {
            put("a", 0, 10);
            KvOperation delete = add(Kind.DELETE, "", Status.OK, new Observation("a"), 20, 30);
            KvOperation read = get("a", 40, 50);

            assertThat(refused().operations()).contains(delete.id(), read.id());
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
        void one_changed_answer_in_a_long_history(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<KvOperation> valid = new RandomHistory(random, 6, 3, 30, 0.05, 0).generate(2_000, true);
            int place = (int) valid.stream().takeWhile(op -> !isAnsweredGet(op)).count();
            KvOperation get = valid.get(place);
            valid.set(place, withObservation(get, new Observation("never written")));

            Verdict verdict = LinearizabilityChecker.check(valid);

            assertThat(verdict).isInstanceOfSatisfying(Verdict.Violated.class, violated -> assertThat(
                            violated.violations().getFirst().operations())
                    .contains(get.id()));
        }

        private static boolean isAnsweredGet(KvOperation operation) {
            return operation.kind() == Kind.GET && operation.observation() != null;
        }
    }

    @Nested
    class Accepts {
        @Test
        void an_empty_history() {
            accepted();
        }

        @Test
        void concurrent_operations_in_either_order() {
            put("a", 0, 100);
            put("b", 0, 100);
            get("b", 10, 20);
            get("a", 30, 40);
            accepted();
        }

        @Test
        void operations_that_touch_at_one_moment_as_concurrent() {
            put("a", 0, 10);
            get(null, 10, 20);
            accepted();
        }

        @Test
        void an_unknown_write_that_shows_late() {
            add(Kind.PUT, "late", Status.UNKNOWN, null, 0, 0);
            put("a", 10, 20);
            get("a", 30, 40);
            get("late", 50, 60);
            accepted();
        }

        @Test
        void an_unknown_write_that_never_shows() {
            add(Kind.PUT, "never", Status.UNKNOWN, null, 0, 0);
            put("a", 10, 20);
            get("a", 30, 40);
            accepted();
        }

        @Test
        void unknown_appends_in_the_order_that_shows() {
            add(Kind.APPEND, "a", Status.UNKNOWN, null, 0, 0);
            add(Kind.APPEND, "b", Status.UNKNOWN, null, 0, 0);
            add(Kind.APPEND, "c", Status.UNKNOWN, null, 0, 0);
            get("ca", 30, 40);
            get("cab", 50, 60);
            accepted();
        }

        @Test
        void a_chain_of_blind_hashes() {
            String first = Fnv1a.hash("a");
            add(Kind.HASH, "a", Status.UNKNOWN, null, 0, 0);
            add(Kind.HASH, "b", Status.UNKNOWN, null, 0, 0);
            get(Fnv1a.hash(first + "b"), 30, 40);
            accepted();
        }

        @Test
        void a_get_that_told_nothing() {
            add(Kind.GET, "", Status.UNKNOWN, null, 0, 0);
            add(Kind.GET, "", Status.OK, null, 0, 1);
            accepted();
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
        void what_a_real_map_did(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int processes = 1 + random.nextInt(20);
            List<KvOperation> valid = new RandomHistory(random, processes, 8, 60, 0.1, 0.2).generate(4_000, false);

            assertThat(LinearizabilityChecker.check(valid)).isEqualTo(new Verdict.Passed(valid.size()));
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
        void what_a_real_map_did_with_hashes(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<KvOperation> valid = new RandomHistory(random, 8, 8, 60, 0.02, 0).generate(4_000, true);

            assertThat(LinearizabilityChecker.check(valid)).isEqualTo(new Verdict.Passed(valid.size()));
        }
    }

    @Test
    void agrees_with_trying_all_orders() {
        // given small histories, of which about half are wrong by a changed answer
        int refused = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<KvOperation> small = new RandomHistory(random, 3, 1, 20, 0.3, 0.3).generate(6, seed % 3 == 0);
            int place = random.nextInt(small.size());
            KvOperation changed = small.get(place);
            if (changed.observation() != null && random.nextInt(4) > 0) {
                String value = random.nextInt(4) == 0
                        ? null
                        : small.get(random.nextInt(small.size())).argument();
                small.set(place, withObservation(changed, new Observation(value)));
            }

            // when both judge
            boolean expected = new AllOrders(small).isLinearizable();
            boolean actual = LinearizabilityChecker.check(small).passed();

            // then they agree
            assertThat(actual).as("seed %s: %s", seed, small).isEqualTo(expected);
            refused += expected ? 0 : 1;
        }
        assertThat(refused).as("histories that had to be refused").isBetween(300, 2_700);
    }

    @Test
    void does_not_pass_what_it_had_no_budget_for() {
        List<KvOperation> valid = new RandomHistory(new SplittableRandom(1), 20, 1, 10, 0, 1).generate(500, false);

        assertThat(LinearizabilityChecker.check(valid, 100)).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void judges_a_million_operations_in_time() {
        List<KvOperation> valid =
                new RandomHistory(new SplittableRandom(1), 32, 1_000, 100, 0.01, 0).generate(1_000_000, false);
        long start = System.nanoTime();

        Verdict verdict = LinearizabilityChecker.check(valid);

        assertThat(verdict).isEqualTo(new Verdict.Passed(valid.size()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    private static KvOperation withObservation(KvOperation operation, Observation observation) {
        return new KvOperation(
                operation.id(),
                operation.process(),
                operation.kind(),
                operation.key(),
                operation.argument(),
                operation.status(),
                observation,
                operation.invoked(),
                operation.completed());
    }
}
