import type { PlaygroundServer } from '../model/contracts/playground';
import { embeddedServers } from './embedded';
import { installedServers } from './installed/servers';
import { type InstalledServer, startInstalled } from './installed/start';
import type { Running } from './server';

export interface Playground {
	/** All servers in their present state, those of the extension first. */
	readonly servers: readonly PlaygroundServer[];
	/** The ports of all servers, by id. */
	readonly ports: Ports;
	close(): Promise<void>;
}

/** Ids of the servers that are part of the extension. */
export type EmbeddedId = 'mqtt' | 'ws' | 'coap' | 'kafka' | 'amqp1' | 'socketio';
export type Ports = Record<EmbeddedId, number> & Partial<Record<string, number>>;

export interface PlaygroundOptions {
	/** Ports by id; 0 is any free port. The usual ones otherwise. */
	ports?: Partial<Record<string, number>>;
	/** Port of the servers that `ports` does not name. */
	port?: number;
	/**
	 * Starts the servers that are installed on this machine as well, with their data in this folder. They open their ports
	 * later than the others.
	 */
	folder?: string;
	/** Called when the state of a server has changed. */
	changed?(servers: readonly PlaygroundServer[]): void;
}

/** Starts the servers on loopback. Resolves when those of the extension are open. */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
	const servers: PlaygroundServer[] = [];
	const running: Running[] = [];
	const wanted = (id: string, usual: number) => options.ports?.[id] ?? options.port ?? usual;
	for (const { id, label, usualPort, start, connections } of embeddedServers(() => servers)) {
		const one = await start(wanted(id, usualPort));
		running.push(one);
		const { port } = one;
		servers.push({ id, label, port, usualPort, state: 'open', since: Date.now(), connections: connections(port) });
	}
	const { folder, changed } = options;
	const installed: InstalledServer[] = [];
	if (folder !== undefined)
		for (const server of installedServers()) {
			const at = servers.length;
			installed.push(
				await startInstalled(server, folder, wanted(server.id, server.usualPort), (state) => {
					servers[at] = state;
					changed?.(servers);
				}),
			);
		}
	let closed: Promise<unknown> | undefined;
	return {
		servers,
		ports: Object.fromEntries(servers.map(({ id, port }) => [id, port])) as Ports,
		async close() {
			closed ??= Promise.all([...installed, ...running].map((one) => one.close()));
			await closed;
		},
	};
}
