/** Direct methods as objectives: what pairs say of a policy, given what its reference says. */
package org.plumbline.direct;
