package dev.chatlab.protocol;

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
 * The frames that the server sends to clients.
 *
 * <p>No frame is larger than {@link Frame#MAX_BYTES}. A page of messages that does not fit is cut, and {@code more} tells the
 * client to ask again. A list of members or rooms that does not fit continues in frames of type {@code members} or {@code rooms}.
 */
public final class OutboundFrames {

    /** The bytes that a list may take in a frame. The longest message fits beside it. */
    private static final int LIST_BYTES = 12 * 1024;

    private OutboundFrames() {}

    /**
     * The frame by which recipients are notified of an event.
     *
     * @throws IllegalArgumentException if the event has no recipients
     */
    public static Frame of(ChatEvent event) {
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
            case ChatEvent.Disconnected e -> ErrorResponse.SIGNED_IN_ELSEWHERE.frame();
            case ChatEvent.Connected e -> throw withoutRecipients(e);
            case ChatEvent.UserRegistered e -> throw withoutRecipients(e);
        };
    }

    private static Frame membership(String type, ChatEvent.OfRoom event, UserName user) {
        return Frame.of(type)
                .with("room", event.room().value())
                .with("user", user.value())
                .with("seq", event.seq())
                .with("time", event.at().toString());
    }

    private static IllegalArgumentException withoutRecipients(ChatEvent event) {
        return new IllegalArgumentException("no recipients: " + event);
    }

    static Frame ack(String action) {
        return Frame.of("ack").with("action", action);
    }

    /** The response to {@code register}. */
    static Response signup(UserName user, ResumeKey key, Seq<RoomName> rooms) {
        Seq<Seq<String>> parts = parts(rooms.map(RoomName::value));
        return Response.of(
                Frame.of("signup")
                        .with("user", user.value())
                        .with("rooms", parts.head().asJava())
                        .with("key", key.value()),
                parts.tail().map(part -> Frame.of("rooms").with("rooms", part.asJava())));
    }

    /** The response to {@code new-room}. */
    static Response created(Room.Open room) {
        return withMembers(
                room,
                members -> ack("new-room")
                        .with("room", room.name().value())
                        .with("seq", room.seq())
                        .with("members", members));
    }

    /** The response to {@code join-room}, with as many messages as fit. */
    static Response joined(Room.Open room, History.Page page) {
        return withMembers(room, members -> {
            Frame frame = Frame.of("multi-message")
                    .with("room", room.name().value())
                    .with("messages", new Object[0])
                    .with("members", members)
                    .with("seq", room.seq())
                    .with("more", false);
            Seq<Map<String, Object>> messages = page.messages().map(OutboundFrames::message);
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

    private static Response withMembers(Room.Open room, Function<Object, Frame> frame) {
        Seq<Seq<String>> parts = parts(room.roster().map(UserName::value));
        return Response.of(
                frame.apply(parts.head().asJava()),
                parts.tail()
                        .map(part -> Frame.of("members")
                                .with("room", room.name().value())
                                .with("seq", room.seq())
                                .with("members", part.asJava())));
    }

    /** The list in parts that each fit into a frame. There is at least one part, which may be empty. */
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

    /** The longest prefix of the list that takes at most this many bytes, with a comma for each entry. */
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
