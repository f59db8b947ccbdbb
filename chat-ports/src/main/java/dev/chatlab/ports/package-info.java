/** The ports: the interfaces that a store and a gateway implement, and the types that they exchange. */
@NullMarked
package dev.chatlab.ports;

import org.jspecify.annotations.NullMarked;
