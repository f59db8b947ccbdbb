package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.Reply;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.Gateway.Delivery;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The values that are counted and measured, and their documents. */
class MetricsTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ConnectionId ANN = new ConnectionId("a");
    private static final RoomName HALL = new RoomName("hall");
    private static final ChatCommand.SendMessage SEND_MESSAGE =
            new ChatCommand.SendMessage(ANN, Option.some(HALL), new MessageText("hello"), Option.none(), NOON);
    private static final ChatEvent MESSAGE_SENT = new ChatEvent.MessageSent(
            HALL, 1, 2, ANN, new UserName("Ann"), new MessageText("hello"), Option.none(), NOON);
    private static final Append MESSAGE_APPEND =
            new Append(Append.Id.random(), HashMap.of(StreamId.of(HALL), 1L), Chat.EMPTY, Vector.of(MESSAGE_SENT));
    private static final Append LEAVE_APPEND = new Append(
            Append.Id.random(),
            HashMap.of(StreamId.of(HALL), 2L, StreamId.of(ANN), 3L),
            Chat.EMPTY,
            Vector.of(new ChatEvent.RoomLeft(HALL, 1, 3, ANN, new UserName("Ann"), NOON)));

    private final Metrics metrics = new Metrics("Chat/Test");

    @Test
    void valuesOfOneMessageAreInOneDocument() {
        metrics.conflicted(MESSAGE_APPEND);
        metrics.committed(MESSAGE_APPEND);
        metrics.replied(
                SEND_MESSAGE, new Reply.Accepted(Chat.EMPTY, Vector.of(MESSAGE_SENT)), Duration.ofNanos(12_345_678));
        metrics.delivered(MESSAGE_SENT, HashMap.of(Delivery.DELIVERED, 1, Delivery.GONE, 1), Duration.ofMillis(3));
        metrics.delivered(
                MESSAGE_SENT, HashMap.of(Delivery.DELIVERED, 1, Delivery.FAILED, 1), Duration.ofNanos(4_500_499));

        assertThat(metrics.documents(NOON, Map.of("requestId", "r-1"))).containsExactly("""
                        {"_aws":{"Timestamp":1780315200000,"CloudWatchMetrics":[{"Namespace":"Chat/Test","Dimensions":[[]],"Metrics":[\
                        {"Name":"Messages","Unit":"Count"},\
                        {"Name":"Recipients","Unit":"Count"},\
                        {"Name":"DeliveryTime","Unit":"Milliseconds"},\
                        {"Name":"Gone","Unit":"Count"},\
                        {"Name":"Undelivered","Unit":"Count"},\
                        {"Name":"Conflicts","Unit":"Count"},\
                        {"Name":"SendMessageTime","Unit":"Milliseconds"}]}]},\
                        "Messages":1,"Recipients":2,"DeliveryTime":[3.0,4.5],"Gone":1,"Undelivered":1,"Conflicts":1,\
                        "SendMessageTime":12.346,"requestId":"r-1"}\
                        """);
    }

    @Test
    void rejectionHasItsCodeAsDimension() {
        metrics.rejected("name-taken");

        assertThat(metrics.documents(NOON, Map.of())).containsExactly("""
                        {"_aws":{"Timestamp":1780315200000,"CloudWatchMetrics":[{"Namespace":"Chat/Test","Dimensions":[["Code"]],\
                        "Metrics":[{"Name":"Rejections","Unit":"Count"}]}]},"Code":"name-taken","Rejections":1}\
                        """);
    }

    @Test
    void eachCodeHasItsOwnDocument() {
        List.of("blank", "busy", "blank").forEach(metrics::rejected);

        assertThat(metrics.documents(NOON, Map.of()).map(Json::object))
                .allSatisfy(EmbeddedMetricFormat::check)
                .extracting(document -> document.get("Code") + " " + document.get("Rejections"))
                .containsExactly("blank 2", "busy 1");
    }

    @Test
    void moreThanOneHundredValuesOfAMetricAreSplitIntoDocuments() {
        IntStream.rangeClosed(1, 250)
                .forEach(i -> metrics.delivered(MESSAGE_SENT, HashMap.of(Delivery.DELIVERED, 1), Duration.ofMillis(i)));

        Vector<Map<String, Object>> documents =
                metrics.documents(NOON, Map.of()).map(Json::object).toVector();

        assertThat(documents).hasSize(3).allSatisfy(EmbeddedMetricFormat::check);
        assertThat(documents.map(document -> Option.of(document.get("Recipients"))))
                .containsExactly(Option.some(250), Option.none(), Option.none());
        List<Object> times = new ArrayList<>();
        documents.forEach(document -> times.addAll((List<?>) document.getOrDefault("DeliveryTime", List.of())));
        assertThat(times)
                .isEqualTo(
                        IntStream.rangeClosed(1, 250).mapToObj(i -> (double) i).toList());
    }

    @Test
    void withoutValuesThereIsNoDocument() {
        metrics.committed(LEAVE_APPEND);
        metrics.replied(
                new ChatCommand.LeaveRoom(ANN, Option.some(HALL), NOON),
                new Reply.Accepted(Chat.EMPTY, Vector.empty()),
                Duration.ofMillis(1));
        metrics.replied(SEND_MESSAGE, new Reply.Busy(), Duration.ofSeconds(10));

        assertThat(metrics.documents(NOON, Map.of("requestId", "r-1"))).isEmpty();
    }

    @Test
    void metricTakesPrecedenceOverPropertyOfTheSameName() {
        metrics.committed(MESSAGE_APPEND);

        assertThat(Json.object(metrics.documents(NOON, Map.of("Messages", "x", "_aws", "y"))
                        .head()))
                .containsEntry("Messages", 1)
                .satisfies(EmbeddedMetricFormat::check);
    }
}
