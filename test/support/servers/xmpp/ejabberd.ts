import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { eventually } from '../../run/eventually';
import { pki } from '../pki';
import { connectionsAt, probe, type XmppServer, type XmppServerOptions } from './xmpp-server';

/** A real ejabberd on loopback. It runs as whoever runs the tests, and without epmd. */
export async function startEjabberd(options: XmppServerOptions = {}): Promise<XmppServer> {
	const folder = mkdtempSync(join(tmpdir(), 'ejabberd-'));
	const file = (name: string, content: string, mode = 0o600) => {
		writeFileSync(join(folder, name), content, { mode });
		return join(folder, name);
	};
	for (const name of ['etc', 'spool', 'logs', 'home']) mkdirSync(join(folder, name));
	const [port, tlsPort, webPort, node] = [await freePort(), await freePort(), await freePort(), await freePort()];
	const { cert, key } = options.certificate ?? pki().server;
	file('server.pem', Buffer.concat([readFileSync(cert), readFileSync(key)]).toString());
	const clients =
		(options.tls12 ? ', protocol_options: [no_tlsv1_3]' : '') +
		(options.clientCa ? `, tls_verify: true, cafile: "${options.clientCa}"` : '');
	file(
		'etc/ejabberd.yml',
		`
hosts: ["localhost"]
loglevel: error
certfiles: ["${folder}/server.pem"]
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
	const inetrc = file('etc/inetrc', '{lookup,["file","native"]}.\n{host,{127,0,0,1}, ["localhost"]}.\n');
	const settings = [
		`ERL_DIST_PORT=${node}`,
		'INET_DIST_INTERFACE=127.0.0.1',
		`ERLANG_NODE=mw${node}@localhost`,
		'POLL=true',
		// Waiting must not keep a processor busy that a test beside it needs.
		'ERL_OPTIONS="+sbwt none +sbwtdcpu none +sbwtdio none"',
	];
	file('etc/ejabberdctl.cfg', `${settings.join('\n')}\n`);
	const control = readFileSync('/usr/sbin/ejabberdctl', 'utf8').replace(/^INSTALLUSER=.*$/m, 'INSTALLUSER=');
	const script = file('ejabberdctl', control, 0o700);
	let child: ChildProcess;
	let said = '';

	async function start(): Promise<void> {
		said = '';
		child = spawn(
			script,
			['--config-dir', `${folder}/etc`, '--spool', `${folder}/spool`, '--logs', `${folder}/logs`, 'foreground'],
			{
				stdio: ['ignore', 'pipe', 'pipe'],
				detached: true,
				env: { ...process.env, HOME: `${folder}/home`, ERL_INETRC: inetrc },
			},
		);
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (text) => {
				said = (said + text).slice(-10_000);
			});
		await eventually('ejabberd listens', async () => {
			if (child.exitCode !== null) return;
			for (const one of [port, tlsPort, webPort]) await probe(one);
		});
		if (child.exitCode !== null) throw new Error(`ejabberd ended: ${said}`);
		for (const [user, password] of Object.entries(options.users ?? {}))
			await eventually(`${user} is registered`, async () => {
				const body = JSON.stringify({ user, host: 'localhost', password });
				const answer = await fetch(`http://127.0.0.1:${webPort}/api/register`, { method: 'POST', body });
				// 409: it was there before the restart.
				if (!answer.ok && answer.status !== 409) throw new Error(`${answer.status} ${await answer.text()}`);
				await answer.arrayBuffer().catch(() => {});
			});
	}

	/** The virtual machine and its helpers: in the script's process group, or named by the node they run. */
	function signal(name: NodeJS.Signals): void {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, name);
		} catch {
			// It has ended.
		}
	}
	async function end(): Promise<void> {
		signal('SIGKILL');
		if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
		await eventually('ejabberd has ended', async () => {
			const listening = await probe(port).then(
				() => true,
				() => false,
			);
			if (listening) throw new Error('It still listens.');
		});
	}
	await start();
	const atExit = () => signal('SIGKILL');
	process.on('exit', atExit);
	return {
		...{ name: 'ejabberd', port, tlsPort, webSocket: `127.0.0.1:${webPort}/ws`, webPort },
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
