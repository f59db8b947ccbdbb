package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.ports.StoreException;
import dev.chatlab.ports.codec.EventCodec;

/** Converts events to items and back: the fields of {@link EventCodec}, one attribute each. */
final class EventItems {

    private EventItems() {}

    static Item item(ChatEvent event) {
        return Item.of(EventCodec.DEFAULT.encode(event));
    }

    /**
     * The event that an item contains.
     *
     * @throws StoreException if the item is not an event that this program can read; the message names the item
     */
    static ChatEvent event(Item item) {
        return item.decode(() -> EventCodec.DEFAULT.decode(item.values()));
    }

    /**
     * Checks the schema version of an event's item before its snapshot is read.
     *
     * @throws StoreException if the item is not an event, or a newer program wrote it; the message names the item
     */
    static void requireReadable(Item item) {
        item.decode(() -> {
            EventCodec.requireReadable(item.values());
            return item;
        });
    }
}
