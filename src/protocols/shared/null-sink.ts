import type { Sink } from '../adapter';

/** Ignores everything. Used to test a connection. */
export const deafSink: Sink = { message: () => -1, note() {}, settlement() {}, subscription() {}, browseChanged() {} };
