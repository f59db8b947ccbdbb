package dev.chatlab.dynamodb;

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

/** Events as items: one attribute a field, named like it; {@code type} says which event, {@code v} in which version of this. */
final class EventItems {

    /** Fields are only ever added, and read as options; whoever must change one counts up and reads both. */
    private static final long VERSION = 1;

    private EventItems() {}

    static Item item(ChatEvent event) {
        Item item = Item.EMPTY
                .with("v", VERSION)
                .with("type", event.getClass().getSimpleName())
                .with("at", event.at());
        return switch (event) {
            case Connected e -> item.with("connection", e.connection().value()).with("identity", e.identity());
            case UserRegistered e ->
                item.with("connection", e.connection().value())
                        .with("user", e.user().value())
                        .with("key", e.key().value())
                        .with("lapses", e.lapses());
            case RoomCreated e -> member(inRoom(item, e), e.connection(), e.user());
            case RoomJoined e -> member(inRoom(item, e), e.connection(), e.user());
            case MessageSent e ->
                member(inRoom(item, e), e.connection(), e.user())
                        .with("text", e.text().value())
                        .with("id", e.id());
            case RoomLeft e -> member(inRoom(item, e), e.connection(), e.user());
            case RoomClosed e -> inRoom(item, e);
            case Disconnected e ->
                item.with("connection", e.connection().value())
                        .with("user", e.user())
                        .with("supersededBy", e.supersededBy());
        };
    }

    /**
     * For whoever reads an event's item, or the state that it carries.
     *
     * @throws StoreException if it is of a version that is not known yet
     */
    static void requireKnown(Item item) {
        long version = item.number("v");
        if (version > VERSION) {
            throw new StoreException("an event of version " + version + " is there; this program reads up to " + VERSION
                    + ": it is older than the one that wrote it");
        }
    }

    private static Item inRoom(Item item, ChatEvent.OfRoom event) {
        return item.with("room", event.room().value())
                .with("created", event.created())
                .with("seq", event.seq());
    }

    private static Item member(Item item, ConnectionId connection, UserName user) {
        return item.with("connection", connection.value()).with("user", user.value());
    }

    /**
     * The event that an item is.
     *
     * @throws StoreException if it is no event, or one of a version that is not known yet
     */
    static ChatEvent event(Item item) {
        requireKnown(item);
        return switch (item.text("type")) {
            case "Connected" ->
                new Connected(connection(item), item.optional("identity", Identity::new), item.instant("at"));
            case "UserRegistered" ->
                new UserRegistered(
                        connection(item),
                        user(item),
                        new ResumeKey.Digest(item.text("key")),
                        item.instant("lapses"),
                        item.instant("at"));
            case "RoomCreated" ->
                new RoomCreated(room(item), item.number("seq"), connection(item), user(item), item.instant("at"));
            case "RoomJoined" ->
                new RoomJoined(
                        room(item),
                        item.number("created"),
                        item.number("seq"),
                        connection(item),
                        user(item),
                        item.instant("at"));
            case "MessageSent" ->
                new MessageSent(
                        room(item),
                        item.number("created"),
                        item.number("seq"),
                        connection(item),
                        user(item),
                        item.value("text", MessageText::new),
                        item.optional("id", ClientMessageId::new),
                        item.instant("at"));
            case "RoomLeft" ->
                new RoomLeft(
                        room(item),
                        item.number("created"),
                        item.number("seq"),
                        connection(item),
                        user(item),
                        item.instant("at"));
            case "RoomClosed" ->
                new RoomClosed(room(item), item.number("created"), item.number("seq"), item.instant("at"));
            case "Disconnected" ->
                new Disconnected(
                        connection(item),
                        item.optional("user", UserName::new),
                        item.optional("supersededBy", ConnectionId::new),
                        item.instant("at"));
            case String other -> throw new StoreException("there is no event of type " + other);
        };
    }

    private static ConnectionId connection(Item item) {
        return item.value("connection", ConnectionId::new);
    }

    private static UserName user(Item item) {
        return item.value("user", UserName::new);
    }

    private static RoomName room(Item item) {
        return item.value("room", RoomName::new);
    }
}
