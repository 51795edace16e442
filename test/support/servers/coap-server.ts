import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { adapter } from '../../../src/protocols/coap/adapter';
import { connect, resolved } from '../../contract/suite/attempt';
import { freePort } from '../net/listen';
import { serverFolder, startRealServer } from './real-server';

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
	const args = ['-A', '127.0.0.1', '-p', String(plain), '-d', String(options.resources ?? 20_000)];
	if (dtls) args.push('-k', dtls.key, '-h', 'a hint');
	args.push('-v', String(options.verbose ?? 3), ...(options.args ?? []));
	const command = `coap-server-${dtls?.by ?? 'notls'}`;
	const life = await startRealServer({
		...{ name: command, folder: serverFolder('coap'), launch: { command, args } },
		async ready() {
			const { link } = await connect({ adapter, profile: resolved('coap', `coap://127.0.0.1:${plain}`) });
			link.destroy();
		},
	});
	const server: CoapTestServer = {
		port,
		url: `${dtls ? 'coaps' : 'coap'}://127.0.0.1:${port}`,
		...life,
		said: life.output,
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
