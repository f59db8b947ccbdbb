/** The chat on AWS: the wire protocol, seven functions, and the gateway that posts to connections. */
@NullMarked
package dev.chatlab.lambda;

import org.jspecify.annotations.NullMarked;
