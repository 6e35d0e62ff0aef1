package io.replog.core.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvMapTest {
    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(KvText.toBytes(a), KvText.toBytes(b));

    @ParameterizedTest
    @ValueSource(ints = {3, 40, 700, 20_000})
    void behavesAsASortedMapThroughAnyChanges(int keys) {
        Random random = new Random(keys);
        TreeMap<String, KvMap.Entry> model = new TreeMap<>(BY_BYTES);
        KvMap map = KvMap.EMPTY;
        for (int i = 1; i <= 30_000; i++) {
            // phases of growing and of shrinking, so that nodes split, join and vanish
            boolean grow = random.nextInt(10) < (i / 5_000 % 2 == 0 ? 8 : 2);
            String key = key(random.nextInt(keys));
            if (grow) {
                KvMap.Entry entry = new KvMap.Entry(key, "value " + i, i);
                map = map.with(entry);
                model.put(key, entry);
            } else {
                map = map.without(key);
                model.remove(key);
            }

            assertThat(map.size()).isEqualTo(model.size());
            String other = key(random.nextInt(keys));
            assertThat(map.get(other)).isEqualTo(model.get(other));
            if (i % 1_000 == 0) {
                assertThat(map).containsExactlyElementsOf(model.values());
            }
        }
        for (String key : List.copyOf(model.keySet())) {
            map = map.without(key);
        }
        assertThat(map).isSameAs(KvMap.EMPTY);
    }

    @Test
    void oldVersionsStayAsTheyWere() {
        Random random = new Random(5);
        List<KvMap> versions = new ArrayList<>();
        List<List<KvMap.Entry>> contents = new ArrayList<>();
        TreeMap<String, KvMap.Entry> model = new TreeMap<>(BY_BYTES);
        KvMap map = KvMap.EMPTY;
        for (int i = 1; i <= 300; i++) {
            versions.add(map);
            contents.add(List.copyOf(model.values()));
            String key = key(random.nextInt(200));
            KvMap.Entry entry = new KvMap.Entry(key, "v" + i, i);
            map = random.nextInt(3) > 0 ? map.with(entry) : map.without(key);
            if (map.get(key) != null) {
                model.put(key, entry);
            } else {
                model.remove(key);
            }
        }

        for (int i = 0; i < versions.size(); i++) {
            assertThat(versions.get(i)).containsExactlyElementsOf(contents.get(i));
        }
    }

    @Test
    void findsByPrefixInTheOrderOfBytes() {
        Random random = new Random(6);
        TreeMap<String, KvMap.Entry> model = new TreeMap<>(BY_BYTES);
        KvMap map = KvMap.EMPTY;
        for (int i = 0; i < 3_000; i++) {
            String key = key(random.nextInt(5_000));
            KvMap.Entry entry = new KvMap.Entry(key, "", i);
            map = map.with(entry);
            model.put(key, entry);
        }

        for (String prefix : List.of("", "k", "k1", "k12", "ü", "ü4", "😀", "\uFFFF", "\0", "zz", "k1234/long")) {
            List<KvMap.Entry> expected = model.values().stream()
                    .filter(entry -> entry.key().startsWith(prefix))
                    .toList();
            assertThat(map.withPrefix(prefix)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void sortsByBytesAndNotByChars() {
        // U+FFFD is above the surrogates as a char, and below the emoji as UTF-8
        KvMap map = KvMap.EMPTY
                .with(new KvMap.Entry("😀", "", 1))
                .with(new KvMap.Entry("\uFFFD", "", 2))
                .with(new KvMap.Entry("a", "", 3));

        assertThat(map).extracting(KvMap.Entry::key).containsExactly("a", "\uFFFD", "😀");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 1_024, 1_025, 40_000})
    void builderMakesTheSameMap(int size) {
        KvMap.Builder builder = new KvMap.Builder();
        List<KvMap.Entry> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            KvMap.Entry entry = new KvMap.Entry("%07d".formatted(i), "v" + i, i);
            entries.add(entry);
            builder.add(entry);
        }

        KvMap map = builder.build();

        assertThat(map).containsExactlyElementsOf(entries);
        assertThat(map.size()).isEqualTo(size);
        for (int i = 0; i < size; i += 7) {
            map = map.without("%07d".formatted(i));
            assertThat(map.get("%07d".formatted(i))).isNull();
        }
    }

    @Test
    void builderRefusesWhatIsOutOfOrder() {
        KvMap.Builder builder = new KvMap.Builder();
        builder.add(new KvMap.Entry("b", "", 1));

        assertThatThrownBy(() -> builder.add(new KvMap.Entry("b", "", 2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.add(new KvMap.Entry("a", "", 2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void iteratorsEnd() {
        var iterator = KvMap.EMPTY.with(new KvMap.Entry("a", "", 1)).iterator();
        iterator.next();

        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    private static String key(int number) {
        return switch (number % 5) {
            case 0 -> "ü" + number;
            case 1 -> "😀" + number;
            default -> "k" + number + (number % 3 == 0 ? "/longer" : "");
        };
    }
}
