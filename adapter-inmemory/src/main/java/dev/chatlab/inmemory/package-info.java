/** A chat store in memory. */
@NullMarked
package dev.chatlab.inmemory;

import org.jspecify.annotations.NullMarked;
