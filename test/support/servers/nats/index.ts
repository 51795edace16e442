import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { eventually } from '../../run/eventually';
import { connectionsAt } from '../mosquitto';

export interface NatsOptions {
	/** Lines of the configuration, such as accounts. */
	lines?: string[];
	/** Lines of the block `tls` of the listener for clients. */
	tls?: string[];
	/** Lines of the block `websocket` behind its port. */
	webSocket?: string[];
	jetStream?: boolean;
}

export interface NatsServer {
	readonly port: number;
	/** Port of the listener for WebSocket. */
	readonly webPort: number;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGHUP' | 'SIGUSR2'): void;
	/** Replaces the lines of the configuration; it is read with SIGHUP or at the next start. */
	configure(lines: string[]): void;
	/** Starts again on the same port, whether it runs or not. */
	restart(): Promise<void>;
	stop(): Promise<void>;
	/** Connections of clients that the system knows at a port. */
	connections(port?: number): number;
}

/** A real nats-server on loopback, with a configuration of its own in a temporary folder. */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
	const folder = mkdtempSync(join(tmpdir(), 'nats-'));
	const [port, webPort] = [await freePort(), await freePort()];
	const configuration = join(folder, 'nats.conf');
	const block = (name: string, lines: string[]) => [`${name} {`, ...lines, '}'];
	function configure(lines: string[]): void {
		const all = [
			...['host: 127.0.0.1', `port: ${port}`, 'server_name: test', 'lame_duck_duration: "30s"'],
			...['lame_duck_grace_period: "1s"', 'write_deadline: "10s"'],
			...(options.jetStream ? block('jetstream', [`store_dir: "${folder}"`, 'max_mem: 256MB', 'max_file: 256MB']) : []),
			...(options.tls ? block('tls', options.tls) : []),
			...(options.webSocket ? block('websocket', ['host: 127.0.0.1', `port: ${webPort}`, ...options.webSocket]) : []),
			...lines,
		];
		writeFileSync(configuration, `${all.join('\n')}\n`, { mode: 0o600 });
	}
	configure(options.lines ?? []);
	let child: ChildProcess;
	let said = '';

	async function start(): Promise<void> {
		said = '';
		child = spawn('nats-server', ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
		child.stderr?.on('data', (text) => {
			said = (said + text).slice(-20_000);
		});
		await eventually('nats-server listens', async () => {
			if (child.exitCode !== null) return;
			await probe(port);
			if (options.webSocket) await probe(webPort);
		});
		if (child.exitCode !== null) throw new Error(`nats-server ended: ${said}`);
	}
	async function end(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill('SIGKILL');
		await once(child, 'exit');
	}
	await start();
	const atExit = () => child.kill('SIGKILL');
	process.on('exit', atExit);
	return {
		...{ port, webPort, configure },
		kill: (signal) => void child.kill(signal),
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
		connections: (at = port) => connectionsAt(at),
	};
}

async function probe(port: number): Promise<void> {
	const socket = tcpConnect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
	} finally {
		socket.destroy();
	}
}
