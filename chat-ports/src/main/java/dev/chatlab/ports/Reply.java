package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Rejection;
import io.vavr.collection.Seq;

/** What became of a command. */
public sealed interface Reply {

    /**
     * It is done and stored, or was done before.
     *
     * @param chat the slice of the chat that it was decided on, after it
     * @param events what happened; nothing, if there was nothing to do
     */
    record Accepted(Chat chat, Seq<ChatEvent> events) implements Reply {

        /** Where the message is stored that was asked for, now or before. */
        public Chat.Receipt receipt(ChatCommand.SendMessage command) {
            return events.headOption()
                    .map(event -> (ChatEvent.MessageSent) event)
                    .map(message -> new Chat.Receipt(message.room(), message.seq()))
                    .orElse(() -> chat.receipt(command))
                    .get();
        }
    }

    /** A rule of the chat forbids it. */
    record Rejected(Rejection rejection) implements Reply {}

    /**
     * The deadline passed first, in a crowd or with a store that did not answer. Nothing is known to be stored; what can be
     * repeated safely (a message with an id, a join, a disconnect) may be sent again.
     */
    record Busy() implements Reply {}
}
