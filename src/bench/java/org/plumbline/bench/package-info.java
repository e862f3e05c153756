/**
 * Programs that measure Plumbline, started by {@code src/bench/bench.sh}: training steps,
 * generation, peak memory, any command beside a peer's, curation of many judgments, and sums over
 * ranks.
 */
package org.plumbline.bench;
