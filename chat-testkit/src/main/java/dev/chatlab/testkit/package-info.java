/** What others test with: the contract that every store must pass, and a crowd to try it with. */
@NullMarked
package dev.chatlab.testkit;

import org.jspecify.annotations.NullMarked;
