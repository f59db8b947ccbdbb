/** A local API Gateway for WebSocket APIs: boots from a SAM template and runs its Java handlers in process. */
@NullMarked
package dev.chatlab.local;

import org.jspecify.annotations.NullMarked;
