package org.plumbline.conformance;

/** How the outputs of a case are computed. */
interface Equation {
  Outputs of(Given given);
}
