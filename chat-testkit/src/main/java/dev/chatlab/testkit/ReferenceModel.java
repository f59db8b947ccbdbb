package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rules of the chat read from the other side: which events may follow which, and what they come to.
 *
 * <p>It shares nothing with {@link Chat} but the events. It fails with an {@link AssertionError} where they break a rule,
 * and where a {@link Chat} says something else of them than it does.
 */
public final class ReferenceModel {

    private final ChatPolicy policy;
    private final Map<ConnectionId, ChatEvent.Connected> connections = new HashMap<>();
    private final Map<ConnectionId, UserName> names = new HashMap<>();
    private final Map<UserName, ChatEvent.UserRegistered> reservations = new HashMap<>();
    private final Map<RoomName, Vector<ChatEvent.OfRoom>> told = new HashMap<>();
    private final Map<RoomName, Map<ConnectionId, Room.Member>> open = new HashMap<>();
    private final Map<UserName, ChatEvent.UserRegistered> superseded = new HashMap<>();

    private ReferenceModel(ChatPolicy policy) {
        this.policy = policy;
    }

    /** Checks that this is a legal history, complete up to the end of a step, and that it comes to this chat. */
    public static void check(ChatPolicy policy, Iterable<? extends ChatEvent> events, Chat chat) {
        var model = new ReferenceModel(policy);
        events.forEach(model::next);
        model.nothingIsPending();
        model.agreesWith(chat);
    }

    /** Checks a scenario. */
    public static void check(Scenario scenario) {
        check(scenario.policy(), scenario.events(), scenario.chat());
    }

    private void next(ChatEvent event) {
        if (event instanceof ChatEvent.OfRoom e) {
            inOrder(e);
        }
        switch (event) {
            case ChatEvent.Connected e ->
                assertThat(connections.put(e.connection(), e))
                        .as("open before %s", e)
                        .isNull();
            case ChatEvent.UserRegistered e -> {
                assertThat(Option.of(connections.get(e.connection()))
                                .map(connected -> connected.at().plus(policy.connectionLifetime())))
                        .as("lapse at %s", e)
                        .isEqualTo(Option.some(e.expiresAt()));
                assertThat(names.put(e.connection(), e.user()))
                        .as("named before %s", e)
                        .isNull();
                assertThat(reservations.put(e.user(), e))
                        .as("held before %s", e)
                        .isNull();
                var before = superseded.remove(e.user());
                assertThat(before == null || before.key().equals(e.key()) || !e.at().isBefore(before.expiresAt()))
                        .as("may %s take over from %s", e, before)
                        .isTrue();
            }
            case ChatEvent.RoomCreated e -> {
                assertThat(open.put(e.room(), new HashMap<>()))
                        .as("open before %s", e)
                        .isNull();
                enters(e.room(), e.seq(), e.connection(), e.user());
            }
            case ChatEvent.RoomJoined e -> enters(e.room(), e.seq(), e.connection(), e.user());
            case ChatEvent.MessageSent e -> {
                isIn(e.room(), e.connection(), e.user());
                assertThat(e.id().filter(id -> recent(e.room(), e.seq() - 1)
                                .exists(sent -> sent.user().equals(e.user())
                                        && sent.id().equals(id))))
                        .as("sent lately, before %s", e)
                        .isEmpty();
            }
            case ChatEvent.RoomLeft e -> {
                isIn(e.room(), e.connection(), e.user());
                members(e.room()).remove(e.connection());
            }
            case ChatEvent.RoomClosed e -> {
                assertThat(policy.closeEmptyRooms()).as("rooms close").isTrue();
                assertThat(open.remove(e.room())).as("members at %s", e).isEmpty();
            }
            case ChatEvent.Disconnected e -> {
                assertThat(connections.remove(e.connection()))
                        .as("open at %s", e)
                        .isNotNull();
                assertThat(Option.of(names.remove(e.connection())))
                        .as("named at %s", e)
                        .isEqualTo(e.user());
                assertThat(roomsOf(e.connection())).as("rooms at %s", e).isEmpty();
                e.user().forEach(user -> {
                    var reservation = reservations.remove(user);
                    e.supersededBy().forEach(successor -> superseded.put(user, reservation));
                });
            }
        }
    }

    private void inOrder(ChatEvent.OfRoom event) {
        var life = told.merge(event.room(), Vector.of(event), Vector::appendAll);
        assertThat(event.seq()).as("number of %s", event).isEqualTo(life.size());
        assertThat(life.findLast(ChatEvent.RoomCreated.class::isInstance).map(ChatEvent.OfRoom::seq))
                .as("birth of the room of %s", event)
                .isEqualTo(Option.some(event.created()));
    }

    private void enters(RoomName room, long seq, ConnectionId connection, UserName user) {
        assertThat(names).as("who enters %s", room).containsEntry(connection, user);
        assertThat(members(room).put(connection, new Room.Member(user, seq)))
                .as("%s in %s before", connection, room)
                .isNull();
        assertThat(roomsOf(connection))
                .as("rooms of %s", connection)
                .hasSizeLessThanOrEqualTo(policy.maxRoomsPerConnection());
    }

    private void isIn(RoomName room, ConnectionId connection, UserName user) {
        assertThat(Option.of(members(room).get(connection)).map(Room.Member::user))
                .as("name of %s in %s", connection, room)
                .isEqualTo(Option.some(user));
    }

    private Map<ConnectionId, Room.Member> members(RoomName room) {
        assertThat(open).as("open rooms").containsKey(room);
        return Objects.requireNonNull(open.get(room));
    }

    private List<RoomName> roomsOf(ConnectionId connection) {
        return open.entrySet().stream()
                .filter(room -> room.getValue().containsKey(connection))
                .map(Map.Entry::getKey)
                .toList();
    }

    private record SentBy(UserName user, ClientMessageId id, long seq) {}

    /** The messages with an id in the room's present life, among the last events up to this one. */
    private Vector<SentBy> recent(RoomName room, long upTo) {
        var events = told.getOrDefault(room, Vector.empty());
        return events.filter(event -> event.seq() <= upTo && event.seq() > upTo - Room.DEDUPLICATION_WINDOW)
                .filter(event -> event.created() == events.last().created())
                .flatMap(event -> event instanceof ChatEvent.MessageSent e
                        ? e.id().map(id -> new SentBy(e.user(), id, e.seq()))
                        : Option.none());
    }

    /** A superseded session's name has its new holder, and a room that nobody is in is closed, if the policy says so. */
    private void nothingIsPending() {
        assertThat(superseded).as("names under takeover").isEmpty();
        if (policy.closeEmptyRooms()) {
            assertThat(open.values())
                    .as("members of open rooms")
                    .allSatisfy(members -> assertThat(members).isNotEmpty());
        }
    }

    private void agreesWith(Chat chat) {
        var sessions = new HashMap<ConnectionId, Session>();
        connections.forEach((connection, e) -> sessions.put(
                connection,
                new Session(
                        connection,
                        e.at(),
                        e.identity(),
                        Option.of(names.get(connection)),
                        Vector.ofAll(roomsOf(connection)).toSet())));
        assertThat(chat.sessions().toJavaMap()).as("sessions").isEqualTo(sessions);

        var held = new HashMap<UserName, NameReservation>();
        reservations.forEach(
                (user, e) -> held.put(user, new NameReservation(user, e.connection(), e.key(), e.expiresAt())));
        assertThat(chat.reservations().toJavaMap()).as("reservations").isEqualTo(held);

        var rooms = new HashMap<RoomName, Room>();
        told.forEach((name, events) -> {
            long seq = events.size();
            var members = open.get(name);
            rooms.put(
                    name,
                    members == null
                            ? new Room.Closed(name, seq)
                            : new Room.Open(
                                    name,
                                    events.last().created(),
                                    seq,
                                    io.vavr.collection.HashMap.ofAll(members),
                                    recent(name, seq)
                                            .map(sent -> Room.RecentMessage.of(sent.user(), sent.id(), sent.seq()))));
        });
        assertThat(chat.rooms().toJavaMap()).as("rooms").isEqualTo(rooms);
    }
}
