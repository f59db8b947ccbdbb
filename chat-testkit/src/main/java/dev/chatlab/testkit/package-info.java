/**
 * Tests for applications that embed the chat and for adapters of its ports, on jqwik and AssertJ.
 *
 * <ul>
 *   <li>{@link dev.chatlab.testkit.Story} and {@link dev.chatlab.testkit.TestClient}: given/when/then tests of decisions.
 *   <li>{@link dev.chatlab.testkit.ChatArbitraries} and {@link dev.chatlab.testkit.ChatDomain}: random values, commands and
 *       scenarios for properties.
 *   <li>{@link dev.chatlab.testkit.ReferenceModel}: a second implementation of the rules, which checks a history and its state.
 *   <li>{@link dev.chatlab.testkit.ChatStoreContract}: the tests that every store must pass.
 *   <li>{@link dev.chatlab.testkit.ConcurrentClients}: a load of concurrent clients that checks the store afterwards.
 *   <li>{@link dev.chatlab.testkit.FaultyStore}: injects stale reads, conflicts and lost answers into a store.
 * </ul>
 */
@NullMarked
package dev.chatlab.testkit;

import org.jspecify.annotations.NullMarked;
