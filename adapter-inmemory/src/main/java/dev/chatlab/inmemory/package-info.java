/** The chat store in memory, for applications that embed the chat in one process, and for tests. */
@NullMarked
package dev.chatlab.inmemory;

import org.jspecify.annotations.NullMarked;
