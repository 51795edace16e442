// Starts and ends programs together with their child processes.
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** Ends a program that was started with `detached`, and its children. Resolves when it has exited. */
export async function endTree(child, graceMs = 3000) {
	if (child.exitCode !== null || child.signalCode !== null) return signalTree(child, 'SIGKILL');
	const exited = new Promise((resolve) => child.once('exit', resolve));
	signalTree(child, 'SIGTERM');
	const timer = setTimeout(() => signalTree(child, 'SIGKILL'), graceMs);
	await exited;
	clearTimeout(timer);
	// Children may outlive a parent that ended on SIGTERM.
	signalTree(child, 'SIGKILL');
}

/** Sends a signal to the process group of a program that was started with `detached`, otherwise to the program alone. */
export function signalTree(child, signal) {
	if (!child.pid) return;
	if (process.platform === 'win32') {
		execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => {});
		return;
	}
	try {
		process.kill(-child.pid, signal);
	} catch {
		// It leads no group or has ended.
		child.kill(signal);
	}
}

/**
 * Runs a program to its end. Resolves with its exit code and output; never rejects.
 * `timeoutMs` ends the whole tree and reports `timedOut`.
 */
export function run(command, args, { timeoutMs, onText, ...options } = {}) {
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: process.platform !== 'win32',
			...options,
		});
		let text = '';
		let timedOut = false;
		const take = (chunk) => {
			text += chunk;
			onText?.(String(chunk));
		};
		child.stdout?.on('data', take);
		child.stderr?.on('data', take);
		const timer =
			timeoutMs &&
			setTimeout(() => {
				timedOut = true;
				void endTree(child);
			}, timeoutMs);
		const done = (code) => {
			clearTimeout(timer);
			running.delete(child);
			resolve({ code, text, timedOut });
		};
		running.add(child);
		child.on('error', (error) => {
			text += `${error.message}\n`;
			done(127);
		});
		// `exit`, not `close`: a grandchild can keep the pipe open.
		child.on('exit', (code, signal) => setTimeout(done, 50, code ?? (signal ? 128 : 1)));
	});
}

const running = new Set();

/** Makes Ctrl+C end the programs that `run` has started: the terminal does not signal detached children. */
export function endWithUs() {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => {
			for (const child of running) signalTree(child, 'SIGKILL');
			process.exit(130);
		});
	}
}

/** Resolves with the wanted port if it is free on loopback, otherwise with any free one. */
export function freePort(wanted = 0) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error) => (wanted ? freePort().then(resolve, reject) : reject(error)));
		server.listen(wanted, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
