/** Examples of the store in memory. The contract that it must pass is tested in the test kit. */
@NullMarked
package dev.chatlab.inmemory;

import org.jspecify.annotations.NullMarked;
