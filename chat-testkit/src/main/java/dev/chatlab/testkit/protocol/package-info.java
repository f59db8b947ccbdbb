/**
 * The contract of hosts: {@link dev.chatlab.testkit.protocol.ChatProtocolContract} tests a running host over real WebSocket
 * connections.
 */
@NullMarked
package dev.chatlab.testkit.protocol;

import org.jspecify.annotations.NullMarked;
