/** Tests of the store contract itself, and the contract on stores in memory. */
@NullMarked
package dev.chatlab.testkit.contract;

import org.jspecify.annotations.NullMarked;
