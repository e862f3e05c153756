/**
 * Programs that measure Plumbline, started by {@code src/bench/bench.sh}: training steps,
 * generation, peak memory, any command beside a peer's, and curation of many judgments.
 */
package org.plumbline.bench;
