package dev.chatlab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.DeliverySequencer.Place;
import dev.chatlab.domain.RoomName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliverySequencerTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final RoomName ATTIC = new RoomName("attic");

    private final DeliverySequencer sequencer = new DeliverySequencer();

    @Test
    void placesAreTakenUpInTheOrderInWhichTheyWereGiven() {
        int deliveries = 200;
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < deliveries; i++) {
            places.add(sequencer.next(HALL));
        }
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = deliveries - 1; i >= 0; i--) {
                int number = i;
                threads.execute(() -> {
                    places.get(number).await();
                    delivered.add(number);
                    places.get(number).release();
                });
            }
        }

        assertThat(delivered).isEqualTo(IntStream.range(0, deliveries).boxed().toList());
    }

    @Test
    void roomsDoNotWaitForEachOther() {
        sequencer.next(HALL);

        Place place = sequencer.next(ATTIC);

        place.await();
        place.release();
    }

    @Test
    void placeAfterReleasedOneDoesNotWait() {
        Place first = sequencer.next(HALL);
        first.await();
        first.release();

        sequencer.next(HALL).await();
    }

    @Test
    void unorderedPlacesDoNotWait() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);

        Thread.ofVirtual().start(() -> {
            Place.UNORDERED.await();
            Place.UNORDERED.await();
            done.countDown();
        });

        done.await();
    }

    @Test
    void roomWithoutPendingDeliveryTakesNoMemory() {
        for (int i = 0; i < 100; i++) {
            Place first = sequencer.next(new RoomName("room " + i));
            Place second = sequencer.next(new RoomName("room " + i));
            first.release();
            assertThat(sequencer.pendingRooms()).isEqualTo(1);
            second.release();
        }

        assertThat(sequencer.pendingRooms()).isZero();
    }
}
