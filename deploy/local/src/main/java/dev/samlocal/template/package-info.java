/** SAM and CloudFormation templates: the YAML, its functions, and the resources that a local run needs. */
@NullMarked
package dev.samlocal.template;

import org.jspecify.annotations.NullMarked;
