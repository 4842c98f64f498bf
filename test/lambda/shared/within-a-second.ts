/** Answers within a second, by the wall clock. */
export async function withinASecond<T>(work: Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work;
  } finally {
    expect(performance.now() - started).toBeLessThan(1_000);
  }
}
