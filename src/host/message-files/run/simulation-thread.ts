import { Worker } from 'node:worker_threads';
import { withDeadline } from '../../../base/deadline';
import { type Failure, FailureError } from '../../../base/failure';
import { connect } from '../../../base/rpc';
import {
	type SimulationData,
	type SimulationHost,
	type SimulationThread,
	simulationHostChecks,
} from '../../../files/simulation/contract';
import type { OpenRequest } from '../../../model/contracts/session';
import { maxDuration } from '../../../model/text/duration';
import { simulationEnded } from '../../failures';

export interface SimulationOptions {
	/** Path of dist/engine/simulation.mjs. */
	path: string;
	data: SimulationData;
	/** How to open the connection of a client. Throws a FailureError. */
	request(...args: Parameters<SimulationHost['request']>): Promise<OpenRequest>;
	readFile(path: string): Promise<Uint8Array>;
	onProgress: SimulationHost['progress'];
	/** Text that a library printed to stdout or stderr. */
	onOutput(text: string): void;
	signal: AbortSignal;
}

/** Limits of the thread's heap, in MB, as those of a session. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 };
/** Milliseconds that a stop may take before the thread is ended with its connections. */
const stopWithin = 2500;

/** Runs a simulation in a thread of its own: messages at a high rate would slow everything else in the editor. */
export async function runInThread(options: SimulationOptions): Promise<ReturnType<SimulationThread['run']>> {
	const { path, data, request, readFile, onProgress, onOutput, signal } = options;
	const worker = new Worker(path, { workerData: data, resourceLimits, execArgv: [], stdout: true, stderr: true });
	worker.stdout.setEncoding('utf8').on('data', onOutput);
	worker.stderr.setEncoding('utf8').on('data', onOutput);
	const host = { request, readFile, progress: onProgress } as unknown as SimulationHost;
	const rpc = connect<SimulationHost, SimulationThread>(
		{
			post: (message) => worker.postMessage(message),
			onMessage(listener) {
				worker.on('message', listener);
				return { dispose: () => worker.off('message', listener) };
			},
		},
		host,
		simulationHostChecks,
		// A simulation may run for weeks.
		{ timeoutMs: maxDuration },
	);
	const gone = new Promise<never>((_, reject) => {
		const failed = (failure: Failure) => reject(new FailureError(failure));
		worker.on('error', (error) => failed(simulationEnded(error.message)));
		worker.on('exit', (code) => failed(simulationEnded(`exit code ${code}`)));
	});
	const run = rpc.remote.run();
	const stop = () => {
		const ended = Promise.allSettled([rpc.remote.stop(), run]);
		void withDeadline(ended, stopWithin, () => undefined).catch(() => worker.terminate());
	};
	if (signal.aborted) stop();
	signal.addEventListener('abort', stop);
	try {
		return await Promise.race([run, gone]);
	} finally {
		signal.removeEventListener('abort', stop);
		rpc.dispose();
		gone.catch(() => {});
		run.catch(() => {});
		await worker.terminate();
	}
}
