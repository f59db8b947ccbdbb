/**
 * The chat on AWS Lambda: seven functions that translate API Gateway's events, and the gateway that posts frames to
 * connections.
 */
@NullMarked
package dev.chatlab.lambda;

import org.jspecify.annotations.NullMarked;
