import { freePort } from '../../net/listen';
import { connectionsAt, probe } from '../../net/ports';
import { type RealServer, serverFolder, startRealServer } from '../real-server';

export interface NatsOptions {
	/** Lines of the configuration, such as accounts. */
	lines?: string[];
	/** Lines of the block `tls` of the listener for clients. */
	tls?: string[];
	/** Lines of the block `websocket` behind its port. */
	webSocket?: string[];
	jetStream?: boolean;
}

export interface NatsServer extends RealServer {
	readonly port: number;
	/** Port of the listener for WebSocket. */
	readonly webPort: number;
	/** Replaces the lines of the configuration; it is read with SIGHUP or at the next start. */
	configure(lines: string[]): void;
	/** Connections of clients that the system knows at a port. */
	connections(port?: number): number;
}

/** A real nats-server on loopback, with a configuration of its own in a temporary folder. */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
	const folder = serverFolder('nats');
	const [port, webPort] = [await freePort(), await freePort()];
	const block = (name: string, lines: string[]) => [`${name} {`, ...lines, '}'];
	function configure(lines: string[]): string {
		const all = [
			...['host: 127.0.0.1', `port: ${port}`, 'server_name: test', 'lame_duck_duration: "30s"'],
			...['lame_duck_grace_period: "1s"', 'write_deadline: "10s"'],
			...(options.jetStream
				? block('jetstream', [`store_dir: "${folder.path}"`, 'max_mem: 256MB', 'max_file: 256MB'])
				: []),
			...(options.tls ? block('tls', options.tls) : []),
			...(options.webSocket ? block('websocket', ['host: 127.0.0.1', `port: ${webPort}`, ...options.webSocket]) : []),
			...lines,
		];
		return folder.file('nats.conf', `${all.join('\n')}\n`);
	}
	const configuration = configure(options.lines ?? []);
	const life = await startRealServer({
		...{ name: 'nats-server', folder, launch: { command: 'nats-server', args: ['-c', configuration] } },
		async ready() {
			await probe(port);
			if (options.webSocket) await probe(webPort);
		},
	});
	return {
		...{ port, webPort, configure, ...life },
		connections: (at = port) => connectionsAt(at),
	};
}
