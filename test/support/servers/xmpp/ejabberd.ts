import { readFileSync } from 'node:fs';
import { launchEjabberd } from '../../../../src/playground/installed/ejabberd';
import { freePort } from '../../net/listen';
import { accepts, connectionsAt, probe } from '../../net/ports';
import { eventually } from '../../run/eventually';
import { pki } from '../pki';
import { serverFolder, startRealServer } from '../real-server';
import type { XmppServer, XmppServerOptions } from './xmpp-server';

/** A real ejabberd on loopback. */
export async function startEjabberd(options: XmppServerOptions = {}): Promise<XmppServer> {
	const folder = serverFolder('ejabberd');
	const [port, tlsPort, webPort, distribution] = [
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
	];
	const launch = launchEjabberd({
		...{ folder: folder.path, node: `test${distribution}`, distribution, control: '/usr/sbin/ejabberdctl' },
	});
	const { cert, key } = options.certificate ?? pki().server;
	folder.file('server.pem', Buffer.concat([readFileSync(cert), readFileSync(key)]).toString());
	const clients =
		(options.tls12 ? ', protocol_options: [no_tlsv1_3]' : '') +
		(options.clientCa ? `, tls_verify: true, cafile: "${options.clientCa}"` : '');
	folder.file(
		'etc/ejabberd.yml',
		`
hosts: ["localhost"]
loglevel: error
certfiles: ["${folder.path}/server.pem"]
listen:
  - {port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: ${!options.noTls}, max_stanza_size: 16777216, access: c2s${clients}}
  - {port: ${tlsPort}, ip: "127.0.0.1", module: ejabberd_c2s, tls: true, max_stanza_size: 16777216, access: c2s${clients}}
  - {port: ${webPort}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/ws: ejabberd_http_ws, /api: mod_http_api}}
acl: {local: {user_regexp: ""}, loopback: {ip: "127.0.0.0/8"}}
access_rules: {local: {allow: local}, c2s: {allow: all}}
api_permissions: {all: {who: all, what: "*"}}
shaper_rules: {max_user_sessions: 1000}
auth_method: internal
auth_password_format: ${options.plain ? 'plain' : 'scram'}
websocket_ping_interval: 60
modules:
  mod_caps: {}
  mod_disco: {}
  mod_admin_extra: {}
  mod_mam: {db_type: mnesia, default: always}
  mod_muc: {host: "conference.@HOST@", access_create: local}
  mod_offline: {}
  mod_ping: {}
  mod_pubsub: {host: "pubsub.@HOST@", access_createnode: local, plugins: [flat, pep]}
  mod_roster: {}
  mod_version: {}
${options.unmanaged ? '' : '  mod_stream_mgmt: {resume_timeout: 0}'}
`,
	);
	const ports = [port, tlsPort, webPort];
	const life = await startRealServer({
		...{ name: 'ejabberd', folder, launch },
		async ready() {
			for (const one of ports) await probe(one);
		},
		async started() {
			for (const [user, password] of Object.entries(options.users ?? {}))
				await eventually(`${user} is registered`, async () => {
					const body = JSON.stringify({ user, host: 'localhost', password });
					const answer = await fetch(`http://127.0.0.1:${webPort}/api/register`, { method: 'POST', body });
					// 409: it was there before the restart.
					if (!answer.ok && answer.status !== 409) throw new Error(`${answer.status} ${await answer.text()}`);
					await answer.arrayBuffer().catch(() => {});
				});
		},
		// The virtual machine outlives its script for a moment.
		ended: () =>
			eventually('ejabberd has ended', async () => {
				if (await accepts(port)) throw new Error('It still listens.');
			}),
	});
	return {
		...{ name: 'ejabberd', port, tlsPort, webSocket: `127.0.0.1:${webPort}/ws`, webPort, ...life },
		connections: () => ports.reduce((sum, one) => sum + connectionsAt(one), 0),
	};
}
