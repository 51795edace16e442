import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** Starts a flood server in a process of its own, which sends the port that it listens on. */
export async function startFlood(path: string, options: object): Promise<{ server: ChildProcess; port: number }> {
	const server = fork(path, [JSON.stringify(options)]);
	const [port] = (await once(server, 'message')) as [number];
	return { server, port };
}

/** The server stands for another machine: the editor never waits for the processor because of it. */
export function yieldTo({ pid }: ChildProcess): void {
	if (pid) setPriority(pid, 19);
}
