import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import { type Failure, FailureError } from '../../base/failure';
import type { Port } from '../../base/port';
import { connect, type Remote } from '../../base/rpc';
import { type EngineApi, type EngineEvents, engineEventChecks } from '../../model/contracts/engine-api';
import type { Limits, Status } from '../../model/contracts/session';

export interface EngineOptions {
	/** Path of dist/engine/worker.mjs. */
	path: string;
	protocol: string;
	limits: Limits;
	onChanged(status: Status): void;
	/** The thread has ended by itself. At most once, and not after `dispose`. */
	onGone(failure: Failure): void;
	/** What a library printed. */
	onOutput(text: string): void;
}

export interface Engine extends Disposable {
	readonly remote: Remote<EngineApi>;
	/** Ends the thread and with it every socket. */
	end(): Promise<void>;
}

/** Heap of one session's thread, in MB. Payloads are buffers and not in it. */
const heap = 512;
/**
 * Its part for young objects, in MB: V8 lets twice a third of this lie dead in buffers, such as what was read from the
 * socket, before it collects them. Half of V8's own choice.
 */
const young = 24;

/** Longest request: a connect attempt with the largest timeout that a profile may ask for, in milliseconds. */
const longest = 660_000;

/** One session's thread. A peer that exhausts it ends this session only. */
export function startEngine(options: EngineOptions): Engine {
	const worker = new Worker(options.path, {
		workerData: { protocol: options.protocol, limits: options.limits },
		resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: young },
		execArgv: [],
		stdout: true,
		stderr: true,
	});
	worker.stdout.setEncoding('utf8').on('data', options.onOutput);
	worker.stderr.setEncoding('utf8').on('data', options.onOutput);
	const port: Port = {
		post: (message) => worker.postMessage(message),
		onMessage(listener) {
			worker.on('message', listener);
			return { dispose: () => worker.off('message', listener) };
		},
	};
	const rpc = connect<EngineEvents, EngineApi>(port, { changed: options.onChanged }, engineEventChecks, {
		timeoutMs: longest,
	});
	let over = false;
	const gone = (failure: Failure) => {
		if (over) return;
		over = true;
		rpc.dispose();
		options.onGone(failure);
	};
	worker.on('error', (error: NodeJS.ErrnoException) =>
		gone({
			code: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'engine-error',
			message:
				error.code === 'ERR_WORKER_OUT_OF_MEMORY'
					? 'The session used more memory than one session may have and was ended; its log is lost.'
					: 'The session ended because of an error in it; its log is lost.',
			evidence: `${error.code ?? error.name}: ${error.message}`,
			remedy: { text: 'Connect again; other connections are not affected.' },
		}),
	);
	worker.on('exit', (code) =>
		gone({
			code: 'engine-exit',
			message: 'The session’s thread ended; its log is lost.',
			evidence: `exit code ${code}`,
		}),
	);
	return {
		remote: rpc.remote,
		async end() {
			over = true;
			rpc.dispose();
			await worker.terminate();
		},
		dispose() {
			void this.end();
		},
	};
}

export const goneFailure = () =>
	new FailureError({ code: 'no-session', message: 'The connection has no session. Connect first.' });
