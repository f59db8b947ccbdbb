/**
 * The wire protocol: JSON text frames to commands, replies and events to frames. Hosts use
 * {@link dev.chatlab.protocol.ChatSockets}.
 */
@NullMarked
package dev.chatlab.protocol;

import org.jspecify.annotations.NullMarked;
