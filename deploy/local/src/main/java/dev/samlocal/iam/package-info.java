/** IAM: signatures, roles and permission checks. */
@NullMarked
package dev.samlocal.iam;

import org.jspecify.annotations.NullMarked;
