import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wander } from '../devices/device';
import { accounts, chat, password, room } from './chat';
import { callEvery } from './life';
import type { Launch } from './program';
import type { Place, Recipe } from './recipe';

/** ejabberd for the host "localhost", with a room and PubSub. */
export const ejabberd: Recipe = {
	...{ id: 'ejabberd', label: 'ejabberd', usualPort: 5222, morePorts: [0, 0] },
	programs: [['ejabberdctl']],
	install: { debian: 'sudo apt install ejabberd', macos: 'brew install ejabberd' },
	prepare({ folder, port, ports: [api, distribution], programs: [control = ''] }) {
		const launch = launchEjabberd({ folder, node: `playground${port}`, distribution, control });
		writeFileSync(
			join(folder, 'etc', 'ejabberd.yml'),
			`hosts: ["localhost"]
loglevel: error
listen:
  - {port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s, access: c2s, max_stanza_size: 1048576}
  - {port: ${api}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/api: mod_http_api}}
acl: {local: {user_regexp: ""}, loopback: {ip: "127.0.0.0/8"}}
access_rules: {local: {allow: local}, c2s: {allow: all}}
api_permissions: {all: {who: {access: {allow: {acl: loopback}}}, what: "*"}}
shaper_rules: {max_user_sessions: 100}
auth_method: internal
auth_password_format: scram
modules:
  mod_caps: {}
  mod_disco: {}
  mod_admin_extra: {}
  mod_mam: {db_type: mnesia, default: always}
  mod_muc: {host: "conference.@HOST@", access_create: local}
  mod_muc_admin: {}
  mod_offline: {}
  mod_ping: {}
  mod_pubsub: {host: "pubsub.@HOST@", access_createnode: local, plugins: [flat, pep]}
  mod_roster: {}
  mod_stream_mgmt: {}
  mod_version: {}
`,
		);
		return launch;
	},
	connections: ({ port }) => chat('ejabberd', port),
	live: startLife,
};

interface EjabberdNode {
	/** Receives everything; `etc/ejabberd.yml` is the configuration of the caller. */
	folder: string;
	/** Name before the "@". */
	node: string;
	/** Port of the distribution. */
	distribution: number | undefined;
	/** Path of the installed script. */
	control: string;
}

/** A node that runs as the user of this process and without epmd. */
export function launchEjabberd({ folder, node, distribution, control }: EjabberdNode): Launch {
	const [etc = '', spool = '', logs = '', home = ''] = ['etc', 'spool', 'logs', 'home'].map((name) =>
		join(folder, name),
	);
	for (const path of [etc, spool, logs, home]) mkdirSync(path);
	const settings = [
		`ERL_DIST_PORT=${distribution}`,
		'INET_DIST_INTERFACE=127.0.0.1',
		`ERLANG_NODE=${node}@localhost`,
		'ERL_OPTIONS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"',
	];
	writeFileSync(join(etc, 'ejabberdctl.cfg'), `${settings.join('\n')}\n`);
	const hosts = join(etc, 'inetrc');
	writeFileSync(hosts, '{lookup,["file","native"]}.\n{host,{127,0,0,1}, ["localhost"]}.\n');
	// The installed script changes to the user of the system's server.
	const script = join(folder, 'ejabberdctl');
	writeFileSync(script, readFileSync(control, 'utf8').replace(/^INSTALLUSER=.*$/m, 'INSTALLUSER='), { mode: 0o700 });
	return {
		command: script,
		args: ['--config-dir', etc, '--spool', spool, '--logs', logs, 'foreground'],
		env: { HOME: home, ERL_INETRC: hosts },
	};
}

/** Registers the accounts, and lets the farm report to alice while she is there. Rejects until the API is ready. */
async function startLife({ ports: [api] }: Place): Promise<() => void> {
	const host = 'localhost';
	const call = async (command: string, body: object, accepted: readonly number[] = []) => {
		const url = `http://127.0.0.1:${api}/api/${command}`;
		const signal = AbortSignal.timeout(5000);
		const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
		await answer.arrayBuffer();
		if (!answer.ok && !accepted.includes(answer.status)) throw new Error(`HTTP ${answer.status}`);
	};
	// 409: it has been registered by an earlier call.
	for (const user of accounts) await call('register', { user, host, password }, [409]);
	for (const localuser of accounts)
		for (const user of accounts.filter((name) => name !== localuser)) {
			const item = { localuser, localhost: host, user, host, nick: user, subs: 'both' };
			// Later versions than 23 have a list of groups.
			await call('add_rosteritem', { ...item, group: 'Farm' }).catch(() =>
				call('add_rosteritem', { ...item, groups: ['Farm'] }),
			);
		}
	await call('create_room', { name: room, service: 'conference.localhost', host }, [409]);
	const temperature = wander(16, 31, 0.8);
	return callEvery(10_000, () =>
		call('send_message', {
			...{ type: 'headline', from: 'farm@localhost', to: 'alice@localhost', subject: 'Climate' },
			body: `The greenhouse has ${temperature()} °C.`,
		}),
	);
}
