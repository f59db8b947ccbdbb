/** Who signs a request, what its role lets it do, and the checks that endpoints make. */
@NullMarked
package dev.chatlab.local.iam;

import org.jspecify.annotations.NullMarked;
