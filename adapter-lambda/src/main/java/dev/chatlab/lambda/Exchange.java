package dev.chatlab.lambda;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.ports.ChatService;
import dev.chatlab.ports.Reply;

/**
 * A request and what came of it.
 *
 * @param <C> the command it was
 */
record Exchange<C extends ChatCommand>(Request request, C command, Reply.Accepted accepted, ChatService service) {}
