package io.replog.core.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineHeapTest {
    private static final class Element extends Timed {
        Element(long deadline) {
            super(deadline);
        }
    }

    @Test
    void itAgreesWithASortedList() {
        Random random = new Random(5);
        DeadlineHeap<Element> heap = new DeadlineHeap<>();
        List<Element> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // Grows to some hundreds and shrinks again, over and over.
            boolean growing = i / 500 % 2 == 0;
            if (expected.isEmpty() || random.nextInt(10) < (growing ? 8 : 3)) {
                Element element = new Element(random.nextInt(1_000));
                heap.add(element);
                expected.add(element);
            } else if (random.nextBoolean()) {
                heap.remove(expected.remove(random.nextInt(expected.size())));
            } else {
                long now = random.nextInt(1_000);
                Element first = first(expected);
                Element polled = heap.poll(now);
                if (first.deadline > now) {
                    assertThat(polled).isNull();
                } else {
                    assertThat(polled.deadline).isEqualTo(first.deadline);
                    expected.remove(polled);
                }
            }
            assertThat(heap.earliest()).isEqualTo(expected.isEmpty() ? Long.MAX_VALUE : first(expected).deadline);
        }
    }

    private static Element first(List<Element> elements) {
        Element first = elements.getFirst();
        for (Element element : elements) {
            if (element.deadline < first.deadline) {
                first = element;
            }
        }
        return first;
    }

    @Test
    void whatHasNoDeadlineIsNotKept() {
        DeadlineHeap<Element> heap = new DeadlineHeap<>();
        Element element = new Element(Input.NO_DEADLINE);
        heap.add(element);
        heap.remove(element);

        assertThat(heap.earliest()).isEqualTo(Long.MAX_VALUE);
    }
}
