import { type Code, program, python, script } from '../../shared/commands/code';
import { hostOf } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { splitJid } from '../describe/jid';
import { stanzaText } from './stanza-text';

/** Time that a program waits for answers and errors, in milliseconds. */
const wait = 2000;

interface Session {
	jid: string;
	/** Undefined: the servers are looked up by the domain of the account. */
	server: { host: string; port: number } | undefined;
	directTls: boolean;
	stanzas: string[];
	/** The program runs until it is stopped. */
	listens: boolean;
}

function sessionOf(sketch: Sketch): Session | undefined {
	const { scheme, host, port } = hostOf(sketch.url ?? '', 'xmpp');
	const name = sketch.username ?? 'USER';
	const jid = name.includes('@') ? name : `${name}@${host}`;
	const listens = sketch.verb === 'SUBSCRIBE';
	const stanzas: string[] = [];
	for (const one of listens ? [undefined] : sketch.messages) {
		const stanza = stanzaText(sketch, jid.split('/')[0] ?? jid, one);
		if (stanza === undefined) return undefined;
		stanzas.push(stanza);
	}
	const isDomain = splitJid(jid).domain === host && port === undefined;
	const directTls = scheme === 'xmpps';
	const server = isDomain && !directTls ? undefined : { host, port: port ?? (directTls ? 5223 : 5222) };
	return { jid, server, directTls, stanzas, listens };
}

/** With slixmpp 1.8 or later, which does not support WebSocket. Certificates are verified. */
export function pythonXmpp(sketch: Sketch): string | undefined {
	const session = /^wss?:/i.test(sketch.url ?? '') ? undefined : sessionOf(sketch);
	if (!session) return undefined;
	const { jid, server, stanzas, listens } = session;
	return program([
		python`import asyncio`,
		...(server ? [python`import inspect`] : []),
		python``,
		python`import slixmpp`,
		python``,
		python``,
		python`def show(stanza):`,
		python`    print(stanza)`,
		python`    return stanza`,
		python``,
		python``,
		python`async def main():`,
		python`    client = slixmpp.ClientXMPP(${jid}, "PASSWORD")`,
		python`    started = asyncio.get_running_loop().create_future()`,
		python`    client.add_event_handler("session_start", lambda _: started.set_result(None))`,
		python`    client.add_event_handler("failed_all_auth", lambda _: started.set_exception(SystemExit("not signed in")))`,
		...connecting(session),
		python`    await asyncio.wait_for(started, 30)`,
		python`    client.add_filter("in", show)`,
		...(listens ? [python`    client.send_presence()`] : []),
		...stanzas.map((stanza) => python`    client.send_raw(${stanza})`),
		python`    await asyncio.sleep(${listens ? Number.POSITIVE_INFINITY : wait / 1000})`,
		python`    await client.disconnect()`,
		python``,
		python``,
		python`asyncio.run(main())`,
	]);
}

/** slixmpp 1.8 takes the address and the kind of TLS as arguments; later versions take host and port, and TLS as attributes. */
function connecting({ server, directTls }: Session): Code[] {
	if (!server) return [python`    client.connect()`];
	return [
		python`    address = (${server.host}, ${server.port})`,
		python`    # slixmpp 1.8 takes an address, and its port from here; later versions host and port.`,
		python`    client.default_port = address[1]`,
		python`    if "address" in inspect.signature(client.connect).parameters:`,
		python`        client.connect(address${directTls ? python`, use_ssl=True` : []})`,
		python`    else:`,
		...(directTls ? [python`        client.enable_starttls = False`] : []),
		python`        client.connect(*address)`,
	];
}

/** With @xmpp/client 0.14, as an ES module. Certificates are verified. */
export function scriptXmpp(sketch: Sketch): string | undefined {
	const session = sessionOf(sketch);
	if (!session) return undefined;
	const { jid, stanzas, listens } = session;
	const { local = '', domain } = splitJid(jid);
	return program([
		script`import { client } from '@xmpp/client';`,
		script``,
		script`const xmpp = client({ service: ${sketch.url ?? `xmpp://${domain}`}, domain: ${domain}, username: ${local}, password: 'PASSWORD' });`,
		script`xmpp.on('error', (error) => {`,
		script`  console.error(error.message);`,
		script`  process.exit(1);`,
		script`});`,
		script`await xmpp.start();`,
		script`xmpp.on('element', (element) => console.log(element.toString()));`,
		...(listens ? [script`await xmpp.write('<presence/>');`] : []),
		...stanzas.map((stanza) => script`await xmpp.write(${stanza});`),
		...(listens ? [] : [script`setTimeout(() => xmpp.stop(), ${wait});`]),
	]);
}
