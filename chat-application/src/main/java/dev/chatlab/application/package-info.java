/**
 * The application service: {@link dev.chatlab.application.ChatService} executes commands on a store and notifies the recipients
 * of the events.
 */
@NullMarked
package dev.chatlab.application;

import org.jspecify.annotations.NullMarked;
