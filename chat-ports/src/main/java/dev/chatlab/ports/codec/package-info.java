/** Events and snapshots as plain maps, for stores that keep them as documents. */
@NullMarked
package dev.chatlab.ports.codec;

import org.jspecify.annotations.NullMarked;
