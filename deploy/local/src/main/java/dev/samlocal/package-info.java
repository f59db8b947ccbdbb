/** A local API Gateway for the WebSocket API of a SAM template. */
@NullMarked
package dev.samlocal;

import org.jspecify.annotations.NullMarked;
