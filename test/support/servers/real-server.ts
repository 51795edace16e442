import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Launch } from '../../../src/playground/installed/program';
import { eventually } from '../run/eventually';

/** Characters of its output that are kept. */
const maxOutput = 1_000_000;

/** The life of a server that is installed on this machine. */
export interface RealServer {
	/** Its latest output. */
	output(): string;
	/** Reaches the script, the server and its helpers. */
	kill(signal: NodeJS.Signals): void;
	/** Kills the server if it runs, and starts it again with the same data. */
	restart(): Promise<void>;
	/** Kills the server and removes its folder. */
	stop(): Promise<void>;
}

export interface RealServerFolder {
	readonly path: string;
	/** Writes a file of the folder and returns its path. */
	file(name: string, content: string, mode?: number): string;
}

export function serverFolder(name: string): RealServerFolder {
	const path = mkdtempSync(join(tmpdir(), `${name}-`));
	return {
		path,
		file(name, content, mode = 0o600) {
			writeFileSync(join(path, name), content, { mode });
			return join(path, name);
		},
	};
}

interface RealServerOptions {
	/** Of the server, for failures. */
	name: string;
	folder: RealServerFolder;
	launch: Launch;
	/** Rejects while the server is not ready; called again and again. `output` is its last. */
	ready(output: string): Promise<void>;
	/** Called after each start. */
	started?(): Promise<void>;
	/** Called after each end, before the server is started again. */
	ended?(): Promise<void>;
}

/** Starts a server in a process group of its own, which ends with this process at the latest. */
export async function startRealServer(options: RealServerOptions): Promise<RealServer> {
	const { name, folder, launch, ready, started, ended } = options;
	let child: ChildProcess;
	let output = '';

	async function start(): Promise<void> {
		output = '';
		child = spawn(launch.command, launch.args, {
			...{ stdio: ['ignore', 'pipe', 'pipe'], detached: true },
			env: { ...process.env, ...launch.env },
		});
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (text) => {
				output = (output + text).slice(-maxOutput);
			});
		await eventually(
			`${name} is ready`,
			async () => {
				if (child.exitCode === null) await ready(output);
			},
			120_000,
		);
		if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`);
		await started?.();
	}

	function kill(signal: NodeJS.Signals): void {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, signal);
		} catch {
			// It has ended.
		}
	}

	async function end(): Promise<void> {
		kill('SIGKILL');
		if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
		await ended?.();
	}

	const atExit = () => kill('SIGKILL');
	process.on('exit', atExit);
	await start();
	return {
		output: () => output,
		kill,
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			process.off('exit', atExit);
			rmSync(folder.path, { recursive: true, force: true });
		},
	};
}
