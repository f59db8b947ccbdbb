package dev.chatlab.protocol;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;

/**
 * A frame whose command was accepted.
 *
 * @param <C> the type of the command
 */
record HandledRequest<C extends ChatCommand>(
        InboundFrame frame, C command, Reply.Accepted accepted, ChatService service) {}
