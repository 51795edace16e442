import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { connectionsAt, probe } from '../../net/ports';
import { type Pair, pki } from '../pki';
import { serverFolder, startRealServer } from '../real-server';
import type { XmppServer, XmppServerOptions } from './xmpp-server';

/** A real prosody on loopback, with a configuration of its own in a temporary folder. */
export async function startProsody(options: XmppServerOptions = {}): Promise<XmppServer> {
	const folder = serverFolder('prosody');
	const [port, tlsPort, webPort] = [await freePort(), await freePort(), await freePort()];
	const ports = [port, tlsPort, webPort];
	const { cert, key }: Pair = options.certificate ?? pki().server;
	// It reads the key as it is told and complains of links.
	cpSync(cert, join(folder.path, 'cert.pem'));
	cpSync(key, join(folder.path, 'key.pem'));
	const users = Object.entries(options.users ?? {});
	const configuration = folder.file(
		'prosody.cfg.lua',
		`
run_as_root = true
pidfile = "${folder.path}/prosody.pid"
data_path = "${folder.path}/data"
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
ssl = { certificate = "${folder.path}/cert.pem", key = "${folder.path}/key.pem"${options.tls12 ? ', protocol = "tlsv1_2"' : ''} }
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
	mkdirSync(join(folder.path, 'data', 'localhost', 'accounts'), { recursive: true });
	// What is stored in the clear is hashed by prosody when it is first used.
	for (const [name, password] of users)
		folder.file(`data/localhost/accounts/${name}.dat`, `return { ["password"] = "${password}"; };\n`);
	const life = await startRealServer({
		...{ name: 'prosody', folder },
		launch: { command: 'prosody', args: ['-F', '--config', configuration] },
		async ready() {
			for (const one of ports) await probe(one);
		},
	});
	return {
		...{ name: 'prosody', port, tlsPort, webSocket: `127.0.0.1:${webPort}/xmpp-websocket`, webPort, ...life },
		connections: () => ports.reduce((sum, one) => sum + connectionsAt(one), 0),
	};
}
