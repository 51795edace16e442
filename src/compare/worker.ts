import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../base/failure';
import { describe } from '../protocols/descriptions';
import { compare } from './compare';
import { fault } from './connection';
import type { CompareData, CompareMessage } from './report/thread';

/** Entry point of the thread in which the editor compares connections. Any message from outside stops it. */
const parent = parentPort;
if (!parent) throw new Error('This is a worker.');
const post = (message: CompareMessage) => parent.postMessage(message);
const { subjects, ...options } = workerData as CompareData;
const abort = new AbortController();
parent.once('message', () => abort.abort());
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
	process.on(event, (error: unknown) => {
		if (!fault(error)) throw error;
	});

compare({
	...options,
	subjects: subjects.map(({ protocol, ...subject }) => {
		const description = describe(protocol);
		if (!description) throw new Error(`No protocol "${protocol}" here.`);
		return { ...subject, description };
	}),
	signal: abort.signal,
	progress: (text, done) => post({ kind: 'progress', text, done }),
}).then(
	(report) => post({ kind: 'report', report }),
	(error) => post({ kind: 'failed', failure: toFailure(error) }),
);
