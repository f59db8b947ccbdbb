package dev.chatlab.application;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Rejection;
import io.vavr.collection.Seq;

/** The outcome of a command. */
public sealed interface Reply {

    /**
     * The command is done: its events are stored, now or by an earlier execution of the same command.
     *
     * @param chat the state that the command was decided on, after its events
     * @param events the events that this execution stored; none if there was nothing to do
     */
    record Accepted(Chat chat, Seq<ChatEvent> events) implements Reply {

        /** Where the message of this command is stored. */
        public Chat.Receipt receipt(ChatCommand.SendMessage command) {
            return events.headOption()
                    .map(event -> (ChatEvent.MessageSent) event)
                    .map(message -> new Chat.Receipt(message.room(), message.seq()))
                    .orElse(() -> chat.receipt(command))
                    .get();
        }
    }

    /** A rule of the domain rejected the command. No event is stored. */
    record Rejected(Rejection rejection) implements Reply {}

    /**
     * The deadline passed, because of contention or because the store did not answer. It is unknown whether the command is stored.
     * A command that can be repeated safely (a message with an id, a join, a disconnect) may be sent again.
     */
    record Busy() implements Reply {}
}
