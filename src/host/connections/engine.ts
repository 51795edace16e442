import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import type { Failure } from '../../base/failure';
import type { Port } from '../../base/port';
import { connect, type Remote } from '../../base/rpc';
import { type EngineApi, type EngineEvents, engineEventChecks } from '../../model/contracts/engine-api';
import type { Limits, Status } from '../../model/contracts/session';
import { engineError, engineExit, outOfMemory } from '../failures';

export interface EngineOptions {
	/** Path of dist/engine/worker.mjs. */
	path: string;
	protocol: string;
	limits: Limits;
	/** Path of a recording that is shown in place of a connection. */
	recording?: string;
	onChanged(status: Status): void;
	/** The thread ended without being asked to. Called at most once, and never after `end` or `dispose`. */
	onGone(failure: Failure): void;
	/** Text that a library printed to stdout or stderr. */
	onOutput(text: string): void;
}

export interface Engine extends Disposable {
	readonly remote: Remote<EngineApi>;
	/** Ends the thread and with it every socket. */
	end(): Promise<void>;
}

/** Heap limit of the thread, in MB. Payloads are buffers outside the heap. */
const heapMegabytes = 512;
/**
 * Size of the young generation, in MB; half of V8's default. Buffers read from the socket are freed only when it is
 * collected, and V8 lets two thirds of this size pile up in dead buffers first.
 */
const youngMegabytes = 24;

/** Milliseconds. Longer than a connection attempt with the largest timeout that a profile can set. */
const requestTimeoutMs = 660_000;

/** Starts the thread of one session. A peer that exhausts its memory ends this session only. */
export function startEngine(options: EngineOptions): Engine {
	const worker = new Worker(options.path, {
		workerData: { protocol: options.protocol, limits: options.limits, recording: options.recording },
		resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: youngMegabytes },
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
		timeoutMs: requestTimeoutMs,
	});
	let ended = false;
	const gone = (failure: Failure) => {
		if (ended) return;
		ended = true;
		rpc.dispose();
		options.onGone(failure);
	};
	worker.on('error', (error: NodeJS.ErrnoException) => {
		const evidence = `${error.code ?? error.name}: ${error.message}`;
		gone(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(evidence) : engineError(evidence));
	});
	worker.on('exit', (code) => gone(engineExit(code)));
	return {
		remote: rpc.remote,
		async end() {
			ended = true;
			rpc.dispose();
			await worker.terminate();
		},
		dispose() {
			void this.end();
		},
	};
}
