/** Lambda functions: their code, and their invocations in this process or in one of their own. */
@NullMarked
package dev.samlocal.lambda;

import org.jspecify.annotations.NullMarked;
