import { type ChildProcess, spawn } from 'node:child_process';

export interface Launch {
	command: string;
	args: readonly string[];
	/** Variables beside those of this process. */
	env?: Record<string, string>;
}

export interface Program {
	/** Resolves with the last output when the program has ended. */
	readonly ended: Promise<string>;
	/** Ends the program and all its processes. */
	close(): Promise<void>;
}

/**
 * Runs a program in a process group of its own. The pipe to standard input closes when this thread or process ends in
 * whatever way, and then the group is killed. It is also killed when the program itself has ended. A background command of a
 * shell has no standard input, hence descriptor 3.
 */
const watch = 'exec 3<&0 </dev/null; (cat <&3 >/dev/null; kill -9 0) & "$@" 3<&-; kill -9 0';

/** Characters of output that are kept for a failure. */
const maxOutput = 4000;

export function startProgram({ command, args, env }: Launch, folder: string): Program {
	const child: ChildProcess = spawn('/bin/sh', ['-c', watch, 'sh', command, ...args], {
		...{ cwd: folder, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
		env: { ...process.env, ...env },
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-maxOutput);
		});
	child.stdin?.on('error', () => {});
	const ended = new Promise<string>((resolve) => {
		child.once('error', (error) => resolve(error.message));
		child.once('exit', () => resolve(output));
	});
	return {
		ended,
		async close() {
			child.stdin?.end();
			await ended;
		},
	};
}
