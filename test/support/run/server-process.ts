import { type ChildProcess, fork } from 'node:child_process';
import { freePort } from '../net/listen';

/** A server in a process of its own, which answers commands over its IPC channel. */
export interface ServerProcess {
	readonly port: number;
	/** Resolves with the result of the command. */
	ask<T>(command: string, values?: object): Promise<T>;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Ends it if it runs, and starts a new one on the same port. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Forks `file` with the options and its port, as JSON, in its first argument. It sends `{ id: 0 }` as soon as it listens, and
 * `{ id, result }` for each `{ id, command, … }`.
 */
export async function startServerProcess(file: string, options: object, wantedPort?: number): Promise<ServerProcess> {
	const port = wantedPort ?? (await freePort());
	let child: ChildProcess;
	let nextId = 1;
	const waiting = new Map<number, (result: unknown) => void>();

	function start(): Promise<unknown> {
		child = fork(file, [JSON.stringify({ ...options, port })], { serialization: 'advanced' });
		child.on('message', ({ id, result }: { id: number; result: unknown }) => {
			waiting.get(id)?.(result);
			waiting.delete(id);
		});
		return new Promise((resolve, reject) => {
			waiting.set(0, resolve);
			child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
		});
	}

	async function stop(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const exited = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGKILL');
		await exited;
	}

	await start();
	return {
		port,
		ask<T>(command: string, values: object = {}): Promise<T> {
			const id = nextId++;
			return new Promise((resolve) => {
				waiting.set(id, resolve as (result: unknown) => void);
				child.send({ id, command, ...values });
			});
		},
		kill: (signal) => {
			child.kill(signal);
		},
		async restart() {
			await stop();
			await start();
		},
		stop,
	};
}
