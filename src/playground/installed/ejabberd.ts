import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wander } from '../devices/device';
import { accounts, chat, password, room } from './chat';
import { callEvery } from './life';
import type { Place, Recipe } from './recipe';

/** ejabberd for the host "localhost", with a room and PubSub. It runs without epmd. */
export const ejabberd: Recipe = {
	...{ id: 'ejabberd', label: 'ejabberd', usualPort: 5222, morePorts: [0, 0] },
	programs: [['ejabberdctl']],
	install: { debian: 'sudo apt install ejabberd', macos: 'brew install ejabberd' },
	prepare({ folder, port, ports: [api, distribution], programs: [control = ''] }) {
		const write = (name: string, text: string) => {
			writeFileSync(join(folder, name), text);
			return join(folder, name);
		};
		for (const name of ['etc', 'spool', 'logs', 'home']) mkdirSync(join(folder, name));
		write(
			'etc/ejabberd.yml',
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
		const settings = [
			`ERL_DIST_PORT=${distribution}`,
			'INET_DIST_INTERFACE=127.0.0.1',
			`ERLANG_NODE=playground${port}@localhost`,
			'ERL_OPTIONS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"',
		];
		write('etc/ejabberdctl.cfg', `${settings.join('\n')}\n`);
		// The installed script changes to the user of the system's server.
		const script = write('ejabberdctl', readFileSync(control, 'utf8').replace(/^INSTALLUSER=.*$/m, 'INSTALLUSER='));
		chmodSync(script, 0o700);
		const folders = [
			'--config-dir',
			join(folder, 'etc'),
			'--spool',
			join(folder, 'spool'),
			'--logs',
			join(folder, 'logs'),
		];
		return {
			...{ command: script, args: [...folders, 'foreground'] },
			env: {
				HOME: join(folder, 'home'),
				ERL_INETRC: write('etc/inetrc', '{lookup,["file","native"]}.\n{host,{127,0,0,1}, ["localhost"]}.\n'),
			},
		};
	},
	connections: ({ port }) => chat('ejabberd', port),
	live: startLife,
};

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
