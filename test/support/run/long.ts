/** Set by `npm run test:long`, which repeats what `npm test` tries a smaller number of times. */
export const isLongRun = process.env.TEST_LONG === '1';

/** A number of repetitions. */
export const repeat = (usual: number, long: number): number => (isLongRun ? long : usual);
