import type { Sink } from '../adapter';

/** For a link that nobody listens to: a test of the connection. */
export const deafSink: Sink = { message: () => -1, note() {}, subscription() {}, browseChanged() {} };
