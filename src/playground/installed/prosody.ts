import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts, chat, password, room } from './chat';
import type { Recipe } from './recipe';

/** The farm writes into its room, and answers messages to its account. */
const farm = `
local st = require "util.stanza";
local rooms = module:depends("muc");
local jid = "${room}@" .. module.host;
local id = require "util.id".short;
module:add_timer(2, function ()
	local room = rooms.get_room_from_jid(jid) or rooms.create_room(jid);
	local text = ("The greenhouse has %.1f °C."):format(16 + math.random() * 15);
	room:broadcast_message(st.message({ type = "groupchat", from = jid .. "/farm", id = id() }):tag("body"):text(text):up());
	return 10;
end);
module:context("localhost"):hook("message/bare", function (event)
	local message = event.stanza;
	local body = message:get_child_text("body");
	if message.attr.to ~= "farm@localhost" or not body then return; end
	local answer = st.message({ type = "chat", from = "farm@localhost", to = message.attr.from, id = id() });
	module:send(answer:tag("body"):text("The farm has read: " .. body):up());
	return true;
end, 10);
`;

/** Prosody for the host "localhost", with a room and PubSub. */
export const prosody: Recipe = {
	...{ id: 'prosody', label: 'Prosody', usualPort: 5222, morePorts: [] },
	programs: [['prosody']],
	install: { debian: 'sudo apt install prosody', macos: 'brew install prosody' },
	prepare({ folder, port, programs: [server = ''] }) {
		const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
		const path = (name: string) => JSON.stringify(join(folder, name));
		const data = (kind: string) => join('data', 'localhost', kind);
		for (const kind of ['accounts', 'roster']) mkdirSync(join(folder, data(kind)), { recursive: true });
		mkdirSync(join(folder, 'modules'));
		write(join('modules', 'mod_playground.lua'), farm);
		for (const name of accounts) {
			// Prosody replaces the password by its hash when it is first used.
			write(join(data('accounts'), `${name}.dat`), `return { ["password"] = "${password}"; };\n`);
			const contacts = accounts.filter((other) => other !== name);
			const entries = contacts.map(
				(other) => `["${other}@localhost"] = { subscription = "both"; groups = {}; name = "${other}"; };`,
			);
			write(join(data('roster'), `${name}.dat`), `return { [false] = { version = 1; }; ${entries.join(' ')} };\n`);
		}
		write(
			'prosody.cfg.lua',
			`run_as_root = true
pidfile = ${path('prosody.pid')}
data_path = ${path('data')}
plugin_paths = { ${path('modules')} }
interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { }
s2s_ports = { }
component_ports = { }
http_ports = { }
https_ports = { }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
modules_enabled = { "roster", "saslauth", "disco", "private", "vcard", "version", "time", "ping", "pep", "mam", "smacks" }
modules_disabled = { "s2s", "tls" }
authentication = "internal_hashed"
storage = "internal"
log = { error = "*console" }
VirtualHost "localhost"
Component "conference.localhost" "muc"
	modules_enabled = { "muc_mam", "playground" }
	restrict_room_creation = false
	muc_room_locking = false
Component "pubsub.localhost" "pubsub"
	autocreate_on_publish = true
	admins = { "alice@localhost" }
`,
		);
		return { command: server, args: ['-F', '--config', join(folder, 'prosody.cfg.lua')] };
	},
	connections: ({ port }) => chat('Prosody', port),
};
