import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { eventually } from '../../run/eventually';
import { type Pair, pki } from '../pki';
import { connectionsAt, probe, type XmppServer, type XmppServerOptions } from './xmpp-server';

/** A real prosody on loopback, with a configuration of its own in a temporary folder. */
export async function startProsody(options: XmppServerOptions = {}): Promise<XmppServer> {
	const folder = mkdtempSync(join(tmpdir(), 'prosody-'));
	const [port, tlsPort, webPort] = [await freePort(), await freePort(), await freePort()];
	const { cert, key }: Pair = options.certificate ?? pki().server;
	mkdirSync(join(folder, 'data'));
	// It reads the key as it is told and complains of links.
	cpSync(cert, join(folder, 'cert.pem'));
	cpSync(key, join(folder, 'key.pem'));
	const users = Object.entries(options.users ?? {});
	const configuration = join(folder, 'prosody.cfg.lua');
	writeFileSync(
		configuration,
		`
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${tlsPort} }
s2s_ports = { }
component_ports = { }
http_ports = { ${webPort} }
http_interfaces = { "127.0.0.1" }
https_ports = { }
consider_websocket_secure = true
cross_domain_websocket = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
c2s_stanza_size_limit = 16 * 1024 * 1024
websocket_frame_buffer_limit = 32 * 1024 * 1024
websocket_frame_fragment_limit = 8
modules_enabled = { "roster", "saslauth", ${options.noTls ? '' : '"tls", '}"disco", "posix", "private", "vcard", "version", "time", "ping", "pep", "websocket", "mam"${options.unmanaged ? '' : ', "smacks"'} }
modules_disabled = { "s2s"${options.noTls ? ', "tls"' : ''} }
smacks_hibernation_time = 0
authentication = "${options.plain ? 'internal_plain' : 'internal_hashed'}"
storage = "internal"
log = { error = "*console" }
ssl = { certificate = "${folder}/cert.pem", key = "${folder}/key.pem"${options.tls12 ? ', protocol = "tlsv1_2"' : ''} }
VirtualHost "localhost"
Component "conference.localhost" "muc"
	modules_enabled = { "muc_mam" }
	restrict_room_creation = false
	muc_room_locking = false
Component "pubsub.localhost" "pubsub"
	autocreate_on_publish = true
	admins = { ${users.map(([name]) => `"${name}@localhost"`).join(', ')} }
`,
	);
	mkdirSync(join(folder, 'data', 'localhost', 'accounts'), { recursive: true });
	// What is stored in the clear is hashed by prosody when it is first used.
	for (const [name, password] of users)
		writeFileSync(
			join(folder, 'data', 'localhost', 'accounts', `${name}.dat`),
			`return { ["password"] = "${password}"; };\n`,
		);
	let child: ChildProcess;
	let said = '';

	async function start(): Promise<void> {
		said = '';
		child = spawn('prosody', ['-F', '--config', configuration], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (text) => {
				said = (said + text).slice(-10_000);
			});
		await eventually('prosody listens', async () => {
			if (child.exitCode !== null) return;
			await probe(port);
			await probe(tlsPort);
			await probe(webPort);
		});
		if (child.exitCode !== null) throw new Error(`prosody ended: ${said}`);
	}
	const signal = (name: NodeJS.Signals) => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, name);
		} catch {
			// It has ended.
		}
	};
	async function end(): Promise<void> {
		signal('SIGKILL');
		if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
	}
	await start();
	const atExit = () => signal('SIGKILL');
	process.on('exit', atExit);
	return {
		...{ name: 'prosody', port, tlsPort, webSocket: `127.0.0.1:${webPort}/xmpp-websocket`, webPort },
		connections: () => [port, tlsPort, webPort].reduce((sum, one) => sum + connectionsAt(one), 0),
		kill: signal,
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
