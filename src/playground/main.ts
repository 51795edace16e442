import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { isRecord } from '../base/check';
import type { PlaygroundServer } from '../model/contracts/playground';
import { embeddedServers } from './embedded';
import { createInstanceFolder, removeInstanceFolder } from './installed/folder';
import { installedServers } from './installed/servers';
import { startPlayground } from './playground';

// A thread of the extension reports to the host, a process to its console and to its parent.
if (parentPort) await serveHost(parentPort);
else await serveConsole();

/** Sends the servers in their present state. Any message from the host closes the playground. */
async function serveHost(host: MessagePort): Promise<void> {
	const { folder: parent } = isRecord(workerData) ? workerData : {};
	const folder = typeof parent === 'string' ? createInstanceFolder(parent) : undefined;
	const changed = (servers: readonly PlaygroundServer[]) => host.postMessage({ servers });
	let isReady = false;
	const playground = await startPlayground({
		...(folder === undefined ? {} : { folder }),
		changed: (servers) => isReady && changed(servers),
	});
	isReady = true;
	changed(playground.servers);
	host.once('message', async () => {
		await playground.close();
		if (folder !== undefined) removeInstanceFolder(folder);
		host.close();
	});
}

/** Options: a port by the id of each server, such as `--mqtt 1883`, and `--folder` for data of installed servers. */
async function serveConsole(): Promise<void> {
	const ids = [...embeddedServers(() => []), ...installedServers()].map(({ id }) => id);
	const { values } = parseArgs({
		options: Object.fromEntries(['folder', ...ids].map((id) => [id, { type: 'string' as const }])),
	});
	const folder = createInstanceFolder(String(values.folder ?? join(tmpdir(), 'messaging-playground')));
	const ports = ids.flatMap((id) => (values[id] === undefined ? [] : [[id, Number(values[id])] as const]));
	const printed = new Map<string, string>();
	const print = (servers: readonly PlaygroundServer[]) => {
		for (const server of servers) {
			const text = consoleLine(server, values[server.id] === undefined);
			if (printed.get(server.id) !== text) console.log(text);
			printed.set(server.id, text);
		}
	};
	let isReady = false;
	const playground = await startPlayground({
		...{ folder, ports: Object.fromEntries(ports) },
		changed: (servers) => isReady && print(servers),
	});
	isReady = true;
	print(playground.servers);
	process.send?.({ servers: playground.servers });
	const end = async () => {
		await playground.close();
		removeInstanceFolder(folder);
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}

/** "MQTT: mqtt://127.0.0.1:1884 (port 1883 is busy)" */
function consoleLine(
	{ label, port, usualPort, state, text, connections }: PlaygroundServer,
	showBusy: boolean,
): string {
	if (state === 'starting') return `${label}: starting on port ${port}`;
	if (state !== 'open') return `${label}: ${text}`;
	const busy = showBusy && port !== usualPort ? ` (port ${usualPort} is busy)` : '';
	return `${label}: ${connections.map(({ profile }) => profile.url).join(', ')}${busy}`;
}
