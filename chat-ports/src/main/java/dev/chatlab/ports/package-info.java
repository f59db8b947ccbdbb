/** What the chat needs of the world (stores, a gateway), what it offers to it ({@code ChatService}), and the way between. */
@NullMarked
package dev.chatlab.ports;

import org.jspecify.annotations.NullMarked;
