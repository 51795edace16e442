import { Worker } from 'node:worker_threads';
import { isRecord } from '../../base/check';
import type { Disposable } from '../../base/disposable';
import { FailureError } from '../../base/failure';
import { playgroundFailed } from '../failures';
import { type Ports, portsOf } from './running';

/** Milliseconds within which the playground must open its ports. */
const startTimeout = 10_000;

/** The local servers with their devices in a thread of their own. They listen on loopback only. */
export interface PlaygroundThread extends Disposable {
	/** The ports while it runs. */
	readonly ports: Ports | undefined;
	/** Resolves when the ports are open; a second call waits for the first one. Throws `playground`. */
	start(): Promise<Ports>;
	stop(): Promise<void>;
}

export function createPlaygroundThread(
	path: string,
	onRunning: (running: boolean) => void,
	onOutput: (text: string) => void,
): PlaygroundThread {
	let worker: Worker | undefined;
	let ports: Ports | undefined;
	let starting: Promise<Ports> | undefined;

	function run(): Promise<Ports> {
		const own = new Worker(path, { workerData: {}, execArgv: [], stdout: true, stderr: true });
		own.stdout.resume();
		own.stderr.setEncoding('utf8').on('data', (text: string) => onOutput(text.trim()));
		worker = own;
		own.on('exit', () => {
			if (worker === own) ended();
		});
		return new Promise<Ports>((resolve, reject) => {
			const failed = (evidence: string) => {
				reject(playgroundFailed(evidence));
				void own.terminate();
			};
			const timer = setTimeout(() => failed(`no response within ${startTimeout / 1000} s`), startTimeout);
			own.on('error', (error) => failed(error.message));
			own.on('message', (message: unknown) => {
				const ready = isRecord(message) ? portsOf(message.ready) : undefined;
				if (ready) {
					ports = ready;
					resolve(ready);
					onRunning(true);
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
		ports = undefined;
		starting = undefined;
		onRunning(false);
	}

	async function stop(): Promise<void> {
		const own = worker;
		ended();
		await own?.terminate();
	}

	return {
		get ports() {
			return ports;
		},
		start() {
			starting ??= run();
			return starting;
		},
		stop,
		dispose: () => void stop(),
	};
}

function textOf(error: unknown): string {
	if (error instanceof FailureError) return error.failure.message;
	return isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
}
