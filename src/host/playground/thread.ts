import { Worker } from 'node:worker_threads';
import { isRecord } from '../../base/check';
import type { Disposable } from '../../base/disposable';
import { FailureError } from '../../base/failure';
import { type PlaygroundServer, playgroundServers } from '../../model/contracts/playground';
import { playgroundFailed } from '../failures';

/** Milliseconds within which the playground must open its ports. */
const startTimeout = 10_000;

/** Milliseconds within which its servers must have ended before the thread is. */
const stopTimeout = 3000;

/** The local servers with their devices in a thread of their own. They listen on loopback only. */
export interface PlaygroundThread extends Disposable {
	readonly running: boolean;
	/** Resolves when the servers of the extension are open; a second call waits for the first one. Throws `playground`. */
	start(): Promise<void>;
	stop(): Promise<void>;
}

export interface PlaygroundThreadOptions {
	/** Path of its code. */
	path: string;
	/** Folder for the data of installed servers. */
	folder: string;
	/** The state of its servers, each time it changes. Empty: it has ended. */
	changed(servers: readonly PlaygroundServer[]): void;
	output(text: string): void;
}

export function createPlaygroundThread({ path, folder, changed, output }: PlaygroundThreadOptions): PlaygroundThread {
	let worker: Worker | undefined;
	let isRunning = false;
	let starting: Promise<void> | undefined;

	function run(): Promise<void> {
		const own = new Worker(path, { workerData: { folder }, execArgv: [], stdout: true, stderr: true });
		own.stdout.resume();
		own.stderr.setEncoding('utf8').on('data', (text: string) => output(text.trim()));
		worker = own;
		own.on('exit', () => {
			if (worker === own) ended();
		});
		return new Promise<void>((resolve, reject) => {
			const failed = (evidence: string) => {
				reject(playgroundFailed(evidence));
				void own.terminate();
			};
			const timer = setTimeout(() => failed(`no response within ${startTimeout / 1000} s`), startTimeout);
			own.on('error', (error) => failed(error.message));
			own.on('message', (message: unknown) => {
				if (worker !== own) return;
				const servers = isRecord(message) ? playgroundServers(message.servers) : undefined;
				if (servers) {
					isRunning = true;
					resolve();
					changed(servers);
				} else if (isRecord(message) && 'error' in message) failed(textOf(message.error));
				clearTimeout(timer);
			});
			own.on('exit', (code) => {
				clearTimeout(timer);
				reject(playgroundFailed(`exit code ${code}`));
			});
		});
	}

	function ended(): void {
		worker = undefined;
		isRunning = false;
		starting = undefined;
		changed([]);
	}

	async function stop(): Promise<void> {
		const own = worker;
		ended();
		if (!own) return;
		const exited = new Promise((resolve) => own.once('exit', resolve));
		own.postMessage('stop');
		const timer = setTimeout(() => void own.terminate(), stopTimeout);
		await exited;
		clearTimeout(timer);
	}

	return {
		get running() {
			return isRunning;
		},
		start() {
			starting ??= run();
			return starting;
		},
		stop,
		// Its processes end with the thread.
		dispose: () => void worker?.terminate(),
	};
}

function textOf(error: unknown): string {
	if (error instanceof FailureError) return error.failure.message;
	return isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
}
