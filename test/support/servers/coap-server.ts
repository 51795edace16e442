import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { adapter } from '../../../src/protocols/coap/adapter';
import { connect, resolved } from '../../contract/suite/attempt';
import { freePort } from '../net/listen';
import { eventually } from '../run/eventually';

export interface CoapTestServer {
	readonly port: number;
	/** Where it is reached, by DTLS if it has that. */
	readonly url: string;
	/** What it has logged, with `-v 7` each message. */
	said(): string;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	restart(): Promise<void>;
	stop(): Promise<void>;
	/** Sockets of this machine that are connected to it. */
	connections(): number;
}

export interface CoapServerOptions {
	/** So many may be made by a PUT. */
	resources?: number;
	verbose?: number;
	args?: string[];
	/** DTLS at the port after the plain one, for whoever has this key. */
	dtls?: { by: 'openssl' | 'gnutls'; key: string };
}

/** libcoap's example server on loopback. */
export async function startCoapServer(options: CoapServerOptions = {}) {
	const { dtls } = options;
	const plain = await freePort(dtls ? 2 : 1);
	const port = dtls ? plain + 1 : plain;
	let child: ChildProcess;
	let said = '';

	async function start(): Promise<void> {
		const args = ['-A', '127.0.0.1', '-p', String(plain), '-d', String(options.resources ?? 20_000)];
		if (dtls) args.push('-k', dtls.key, '-h', 'a hint');
		child = spawn(
			`coap-server-${dtls?.by ?? 'notls'}`,
			[...args, '-v', String(options.verbose ?? 3), ...(options.args ?? [])],
			{
				stdio: ['ignore', 'pipe', 'pipe'],
			},
		);
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (text) => {
				said = (said + text).slice(-1_000_000);
			});
		await eventually('coap-server answers', async () => {
			if (child.exitCode !== null) return;
			const { link } = await connect({ adapter, profile: resolved('coap', `coap://127.0.0.1:${plain}`) });
			link.destroy();
		});
		if (child.exitCode !== null) throw new Error(`coap-server ended: ${said}`);
	}
	async function end(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill('SIGKILL');
		await once(child, 'exit');
	}
	await start();
	const atExit = () => child.kill('SIGKILL');
	process.on('exit', atExit);
	const server: CoapTestServer = {
		port,
		url: `${dtls ? 'coaps' : 'coap'}://127.0.0.1:${port}`,
		said: () => said,
		kill: (signal) => void child.kill(signal),
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			process.off('exit', atExit);
		},
		connections() {
			const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
			const rows = readFileSync('/proc/net/udp', 'utf8').split('\n');
			return rows.filter((row) => row.trim().split(/\s+/)[2] === remote).length;
		},
	};
	return server;
}

/** libcoap's client: what it prints, and what it says about errors. */
export async function coapClient(...args: string[]): Promise<{ out: Buffer; said: string }> {
	const { stdout, stderr } = await promisify(execFile)('coap-client-notls', args, {
		...{ encoding: 'buffer', maxBuffer: 16 * 1024 * 1024, timeout: 60_000 },
	});
	return { out: stdout, said: stderr.toString() };
}
