/** The chat itself: commands, events, state, and every rule, as pure functions. */
@NullMarked
package dev.chatlab.domain;

import org.jspecify.annotations.NullMarked;
