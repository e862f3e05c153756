package org.plumbline;

/** Says which of several jobs failed, and why. */
final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JobFailedException(String job, Throwable cause) {
    super(job + ": " + Failure.line(cause), cause);
  }
}
