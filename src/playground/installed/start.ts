import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { PlaygroundServer } from '../../model/contracts/playground';
import { openPort } from '../ports';
import { findProgram } from './find';
import { startProgram } from './program';
import type { Place, Recipe } from './recipe';

/** Milliseconds within which a server must be ready. */
const maxStart = 120_000;

/** Milliseconds between two looks whether it is. */
const interval = 250;

export interface InstalledServer {
	close(): Promise<void>;
}

/**
 * Starts a private instance of an installed server. Resolves when its ports are chosen; `changed` is called before that with its
 * first state, and with each later one.
 */
export async function startInstalled(
	recipe: Recipe,
	folder: string,
	wanted: number,
	changed: (state: PlaygroundServer) => void,
): Promise<InstalledServer> {
	const { id, label, usualPort, morePorts } = recipe;
	const programs = recipe.programs.map((names) => findProgram(names));
	const found = programs.filter((path) => path !== undefined);
	const isMissing = process.platform === 'win32' || found.length < programs.length;
	const more = wanted === usualPort ? morePorts : morePorts.map(() => 0);
	const [port = wanted, ...ports] = isMissing ? [usualPort, ...morePorts] : await choosePorts([wanted, ...more]);
	const report = (state: PlaygroundServer['state'], text?: string) =>
		changed({
			...{ id, label, port, usualPort, state, since: Date.now() },
			...(text === undefined ? {} : { text }),
			connections: recipe.connections({ port, ports }),
			replacedPorts: morePorts.flatMap((usual, at) => (usual ? [{ usual, port: ports[at] ?? usual }] : [])),
		});
	if (isMissing) {
		report('missing', howToGet(recipe));
		return { close: async () => {} };
	}
	report('starting');
	const place: Place = { folder: join(folder, id), port, ports, programs: found };
	mkdirSync(place.folder, { recursive: true });
	const program = startProgram(recipe.prepare(place), place.folder);
	let closed = false;
	let stop = () => {};
	void program.ended.then((output) => {
		stop();
		if (!closed) report('failed', `${label} has ended. ${lastLine(output)}`.trim());
		closed = true;
	});
	void (async () => {
		const until = Date.now() + maxStart;
		for (; !closed && Date.now() < until; await pause()) {
			try {
				await probe(port);
				stop = (await recipe.live?.(place)) ?? stop;
				if (closed) stop();
				else report('open');
				return;
			} catch {
				// Not ready yet.
			}
		}
		if (closed) return;
		closed = true;
		report('failed', `${label} did not start within ${maxStart / 1000} s.`);
		await program.close();
	})();
	return {
		async close() {
			closed = true;
			await program.close();
		},
	};
}

function howToGet({ label, install }: Recipe): string {
	const compose = 'start the servers of sample/compose.yaml with "docker compose up"';
	if (process.platform === 'win32') return `The playground does not start ${label} on Windows. Instead, ${compose}.`;
	const command = process.platform === 'darwin' ? install.macos : install.debian;
	return `${label} is not installed. Install it with "${command}" and start the playground again, or ${compose}.`;
}

/** Free ports of loopback: the wanted ones, or others where those are busy or 0. */
async function choosePorts(wanted: readonly number[]): Promise<number[]> {
	const servers = wanted.map(() => createServer());
	const ports = await Promise.all(servers.map((server, at) => openPort(server, wanted[at] ?? 0)));
	await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
	return ports;
}

function probe(port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve();
		});
		socket.on('error', reject);
	});
}

const pause = () => new Promise((resolve) => setTimeout(resolve, interval));

/** The last line that says something, at most 300 characters. */
function lastLine(output: string): string {
	const lines = output.split('\n').map((line) => line.trim());
	return (lines.findLast((line) => /\w/.test(line)) ?? '').slice(0, 300);
}
