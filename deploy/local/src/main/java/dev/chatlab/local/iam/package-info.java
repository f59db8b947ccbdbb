/** What a function's role lets it do, and the checks that the endpoints it calls make. */
@NullMarked
package dev.chatlab.local.iam;

import org.jspecify.annotations.NullMarked;
