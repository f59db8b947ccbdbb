package dev.chatlab.ports.codec;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ChatEvent.Disconnected;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomClosed;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ChatEvent.UserRegistered;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Converts events to plain maps and back. The values are {@code String} and {@code Long}. The field {@code type} names the event,
 * and {@code v} is the schema version. Reading also accepts {@code Integer}, which JSON libraries return for small numbers.
 *
 * <p>Reading ignores unknown fields, so a field may be added without a new version. It does not check the limits of text, so a
 * stored text stays readable when a limit changes. {@link Upcaster}s convert events of older versions.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class EventCodec {

    /** The schema version that this codec writes. */
    public static final long VERSION = 1;

    /** The codec without upcasters. It reads version 1, which is the first version. */
    public static final EventCodec DEFAULT = new EventCodec(Vector.empty());

    private final Seq<Upcaster> upcasters;

    private EventCodec(Seq<Upcaster> upcasters) {
        this.upcasters = upcasters;
    }

    /**
     * This codec with one more upcaster.
     *
     * @throws IllegalArgumentException if the upcaster would never be applied: it reads the version that this codec writes or a
     *     newer one, or another upcaster reads the same type and version
     */
    public EventCodec with(Upcaster upcaster) {
        if (upcaster.version() >= VERSION
                || upcaster(upcaster.type(), upcaster.version()).isDefined()) {
            throw new IllegalArgumentException("the upcaster of " + upcaster.type() + " from version "
                    + upcaster.version() + " would never be applied");
        }
        return new EventCodec(upcasters.append(upcaster));
    }

    /** The event as a new, mutable map. */
    public Map<String, Object> encode(ChatEvent event) {
        Fields fields = switch (event) {
            case Connected e ->
                fields("Connected", e)
                        .with("connection", e.connection().value())
                        .with("identity", e.identity());
            case UserRegistered e ->
                fields("UserRegistered", e)
                        .with("connection", e.connection().value())
                        .with("user", e.user().value())
                        .with("key", e.key().value())
                        .with("expiresAt", e.expiresAt());
            case RoomCreated e -> member(inRoom("RoomCreated", e), e.connection(), e.user());
            case RoomJoined e -> member(inRoom("RoomJoined", e), e.connection(), e.user());
            case MessageSent e ->
                member(inRoom("MessageSent", e), e.connection(), e.user())
                        .with("text", e.text().value())
                        .with("id", e.id());
            case RoomLeft e -> member(inRoom("RoomLeft", e), e.connection(), e.user());
            case RoomClosed e -> inRoom("RoomClosed", e);
            case Disconnected e ->
                fields("Disconnected", e)
                        .with("connection", e.connection().value())
                        .with("user", e.user())
                        .with("supersededBy", e.supersededBy());
        };
        return fields.values();
    }

    /**
     * The event that a map contains.
     *
     * @throws UnknownEventTypeException if the type is unknown
     * @throws StoreException if the schema version is newer than this codec or older than all upcasters, or a field is missing or
     *     has the wrong type; the message names it
     */
    public ChatEvent decode(Map<String, Object> map) {
        var fields = new Fields(upcast(map));
        return switch (fields.text("type")) {
            case "Connected" ->
                new Connected(connection(fields), fields.optional("identity", Identity::new), fields.instant("at"));
            case "UserRegistered" ->
                new UserRegistered(
                        connection(fields),
                        user(fields),
                        new ResumeKey.Digest(fields.text("key")),
                        fields.instant("expiresAt"),
                        fields.instant("at"));
            case "RoomCreated" ->
                new RoomCreated(
                        room(fields), fields.number("seq"), connection(fields), user(fields), fields.instant("at"));
            case "RoomJoined" ->
                new RoomJoined(
                        room(fields),
                        fields.number("created"),
                        fields.number("seq"),
                        connection(fields),
                        user(fields),
                        fields.instant("at"));
            case "MessageSent" ->
                new MessageSent(
                        room(fields),
                        fields.number("created"),
                        fields.number("seq"),
                        connection(fields),
                        user(fields),
                        fields.value("text", MessageText::new),
                        fields.optional("id", ClientMessageId::new),
                        fields.instant("at"));
            case "RoomLeft" ->
                new RoomLeft(
                        room(fields),
                        fields.number("created"),
                        fields.number("seq"),
                        connection(fields),
                        user(fields),
                        fields.instant("at"));
            case "RoomClosed" ->
                new RoomClosed(room(fields), fields.number("created"), fields.number("seq"), fields.instant("at"));
            case "Disconnected" ->
                new Disconnected(
                        connection(fields),
                        fields.optional("user", UserName::new),
                        fields.optional("supersededBy", ConnectionId::new),
                        fields.instant("at"));
            case String unknown -> throw new UnknownEventTypeException(unknown);
        };
    }

    /**
     * Checks the schema version of an event, or of a snapshot that is stored with it.
     *
     * @throws StoreException if a newer program wrote it
     */
    public static void requireReadable(Map<String, Object> map) {
        long version = new Fields(map).number("v");
        if (version > VERSION) {
            throw new StoreException("an event has schema version " + version
                    + ", and this program reads versions up to " + VERSION + ": a newer program wrote it");
        }
    }

    private Map<String, Object> upcast(Map<String, Object> map) {
        requireReadable(map);
        long stored = new Fields(map).number("v");
        long oldest = upcasters.map(Upcaster::version).min().getOrElse(VERSION);
        if (stored < oldest) {
            throw new StoreException("an event has schema version " + stored + ", and this program reads versions from "
                    + oldest + " on: no upcaster reads it");
        }
        Map<String, Object> current = map;
        for (long version = stored; version < VERSION; version++) {
            Option<Upcaster> upcaster = upcaster(new Fields(current).text("type"), version);
            // A version changes some types only. The others are the same in the next version.
            if (upcaster.isDefined()) {
                current = upcaster.get().conversion().apply(new LinkedHashMap<>(current));
            }
        }
        return current;
    }

    private Option<Upcaster> upcaster(String type, long version) {
        return upcasters.find(
                candidate -> candidate.version() == version && candidate.type().equals(type));
    }

    private static Fields fields(String type, ChatEvent event) {
        return Fields.empty().with("v", VERSION).with("type", type).with("at", event.at());
    }

    private static Fields inRoom(String type, ChatEvent.OfRoom event) {
        return fields(type, event)
                .with("room", event.room().value())
                .with("created", event.created())
                .with("seq", event.seq());
    }

    private static Fields member(Fields fields, ConnectionId connection, UserName user) {
        return fields.with("connection", connection.value()).with("user", user.value());
    }

    private static ConnectionId connection(Fields fields) {
        return fields.value("connection", ConnectionId::new);
    }

    private static UserName user(Fields fields) {
        return fields.value("user", UserName::new);
    }

    private static RoomName room(Fields fields) {
        return fields.value("room", RoomName::new);
    }
}
