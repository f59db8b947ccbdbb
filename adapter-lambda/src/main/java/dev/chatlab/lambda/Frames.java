package dev.chatlab.lambda;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.History;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The frames that a client receives.
 *
 * <p>None is larger than {@link Frame#MAX_BYTES}. A list that does not fit is continued: what was said, by asking again
 * ({@code more}); who and what there is, by frames that follow of themselves ({@code members}, {@code rooms}).
 */
final class Frames {

    /** A list's share of a frame: leaves room for the longest message beside it. */
    private static final int LIST_BYTES = 12 * 1024;

    private Frames() {}

    /** What those are told who hear of an event. */
    static Frame told(ChatEvent event) {
        return switch (event) {
            case ChatEvent.RoomCreated e ->
                Frame.of("single-room").with("message", e.room().value());
            case ChatEvent.RoomJoined e -> membership("member-joined", e, e.user());
            case ChatEvent.MessageSent e -> {
                Frame frame = Frame.of("client-message")
                        .with("room", e.room().value())
                        .with("user", e.user().value())
                        .with("message", e.text().value())
                        .with("seq", e.seq())
                        .with("time", e.at().toString());
                yield e.id().fold(() -> frame, id -> frame.with("id", id.value()));
            }
            case ChatEvent.RoomLeft e -> membership("member-left", e, e.user());
            case ChatEvent.RoomClosed e ->
                Frame.of("delete-room").with("room", e.room().value());
            case ChatEvent.Disconnected e -> Refusal.SIGNED_IN_ELSEWHERE.frame();
            case ChatEvent.Connected e -> throw unheard(e);
            case ChatEvent.UserRegistered e -> throw unheard(e);
        };
    }

    private static Frame membership(String type, ChatEvent.OfRoom event, UserName user) {
        return Frame.of(type)
                .with("room", event.room().value())
                .with("user", user.value())
                .with("seq", event.seq())
                .with("time", event.at().toString());
    }

    private static IllegalArgumentException unheard(ChatEvent event) {
        return new IllegalArgumentException("nobody hears of " + event);
    }

    static Frame ack(String action) {
        return Frame.of("ack").with("action", action);
    }

    /** The answer to {@code register}, and what of the room list did not fit into it. */
    static Answer signup(UserName user, ResumeKey key, Seq<RoomName> rooms) {
        Seq<Seq<String>> parts = parts(rooms.map(RoomName::value));
        return new Answer(
                Frame.of("signup")
                        .with("user", user.value())
                        .with("rooms", parts.head().asJava())
                        .with("key", key.value()),
                parts.tail().map(part -> Frame.of("rooms").with("rooms", part.asJava())));
    }

    /** The answer to {@code new-room}. */
    static Answer created(Room.Open room) {
        return withMembers(
                room,
                members -> ack("new-room")
                        .with("room", room.name().value())
                        .with("seq", room.seq())
                        .with("members", members));
    }

    /** The answer to {@code join-room}: as many messages as fit. */
    static Answer joined(Room.Open room, History.Page page) {
        return withMembers(room, members -> {
            Frame frame = Frame.of("multi-message")
                    .with("room", room.name().value())
                    .with("messages", new Object[0])
                    .with("members", members)
                    .with("seq", room.seq())
                    .with("more", false);
            Seq<Map<String, Object>> messages = page.messages().map(Frames::message);
            Seq<Map<String, Object>> fitting = fitting(messages, Frame.MAX_BYTES - Frame.bytes(frame.fields()));
            return frame.with("messages", fitting.asJava())
                    .with("more", page.more() || fitting.size() < messages.size());
        });
    }

    private static Map<String, Object> message(MessageSent message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("user", message.user().value());
        fields.put("content", message.text().value());
        fields.put("time", message.at().toString());
        fields.put("seq", message.seq());
        message.id().forEach(id -> fields.put("id", id.value()));
        return fields;
    }

    private static Answer withMembers(Room.Open room, Function<Object, Frame> frame) {
        Seq<Seq<String>> parts = parts(room.roster().map(UserName::value));
        return new Answer(
                frame.apply(parts.head().asJava()),
                parts.tail()
                        .map(part -> Frame.of("members")
                                .with("room", room.name().value())
                                .with("seq", room.seq())
                                .with("members", part.asJava())));
    }

    /** A list in parts of which each has its place in a frame; at least one part. */
    private static Seq<Seq<String>> parts(Seq<String> list) {
        Seq<Seq<String>> parts = Vector.of(fitting(list, LIST_BYTES));
        Seq<String> rest = list.drop(parts.head().size());
        while (!rest.isEmpty()) {
            Seq<String> part = fitting(rest, LIST_BYTES);
            parts = parts.append(part);
            rest = rest.drop(part.size());
        }
        return parts;
    }

    /** As much of the list's beginning as takes no more than so many bytes, each entry with a comma. */
    private static <T> Seq<T> fitting(Seq<T> list, int bytes) {
        int left = bytes;
        int count = 0;
        for (T entry : list) {
            left -= Frame.bytes(entry) + 1;
            if (left < 0) {
                break;
            }
            count++;
        }
        return list.take(count);
    }
}
