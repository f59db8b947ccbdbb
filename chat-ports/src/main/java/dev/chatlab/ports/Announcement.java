package dev.chatlab.ports;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.ChatEvent;

/** Something that is stored, and who is to hear of it. */
record Announcement(ChatEvent event, Audience audience) {}
