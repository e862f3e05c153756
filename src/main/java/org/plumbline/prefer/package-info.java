/** Direct methods: pairs to a policy checkpoint. */
package org.plumbline.prefer;
