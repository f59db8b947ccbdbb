/** The chat domain: commands, events, state and all rules, as pure functions. */
@NullMarked
package dev.chatlab.domain;

import org.jspecify.annotations.NullMarked;
