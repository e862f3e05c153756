/**
 * Programs that measure Plumbline, started by {@code src/bench/bench.sh}: training steps,
 * generation, peak memory, and any command beside a peer's.
 */
package org.plumbline.bench;
