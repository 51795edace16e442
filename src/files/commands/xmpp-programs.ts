import { hostOf, literal } from './literals';
import type { Sketch } from './sketch';
import { stanzaText } from './xmpp-stanza';

/** Milliseconds that a program waits for what its stanzas bring about: answers and errors. */
const wait = 2000;

interface Program {
	jid: string;
	/** Where the account's domain says nothing else, its servers are looked up. */
	server: { host: string; port: number } | undefined;
	directTls: boolean;
	stanzas: string[];
	/** It goes on until it is stopped. */
	listens: boolean;
}

function programOf(sketch: Sketch): Program | undefined {
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
	const isDomain = jid.split('@')[1]?.split('/')[0] === host && port === undefined;
	const directTls = scheme === 'xmpps';
	const server = isDomain && !directTls ? undefined : { host, port: port ?? (directTls ? 5223 : 5222) };
	return { jid, server, directTls, stanzas, listens };
}

/** With slixmpp 1.8 and later; it has no WebSocket. Certificates are checked. */
export function pythonXmpp(sketch: Sketch): string | undefined {
	const program = /^wss?:/i.test(sketch.url ?? '') ? undefined : programOf(sketch);
	if (!program) return undefined;
	const { jid, server, stanzas, listens } = program;
	return [
		'import asyncio',
		...(server ? ['import inspect'] : []),
		'',
		'import slixmpp',
		'',
		'',
		'def show(stanza):',
		'    print(stanza)',
		'    return stanza',
		'',
		'',
		'async def main():',
		`    client = slixmpp.ClientXMPP(${literal(jid)}, "PASSWORD")`,
		'    started = asyncio.get_running_loop().create_future()',
		'    client.add_event_handler("session_start", lambda _: started.set_result(None))',
		'    client.add_event_handler("failed_all_auth", lambda _: started.set_exception(SystemExit("not signed in")))',
		...connecting(program),
		'    await asyncio.wait_for(started, 30)',
		'    client.add_filter("in", show)',
		...(listens ? ['    client.send_presence()'] : []),
		...stanzas.map((stanza) => `    client.send_raw(${literal(stanza)})`),
		`    await asyncio.sleep(${listens ? 'float("inf")' : wait / 1000})`,
		'    await client.disconnect()',
		'',
		'',
		'asyncio.run(main())',
		'',
	].join('\n');
}

/** An address and what kind of TLS are arguments of slixmpp 1.8; later ones take host and port, and TLS as attributes. */
function connecting({ server, directTls }: Program): string[] {
	if (!server) return ['    client.connect()'];
	return [
		`    address = (${literal(server.host)}, ${server.port})`,
		'    # slixmpp 1.8 takes an address, and its port from here; later versions host and port.',
		'    client.default_port = address[1]',
		'    if "address" in inspect.signature(client.connect).parameters:',
		`        client.connect(address${directTls ? ', use_ssl=True' : ''})`,
		'    else:',
		...(directTls ? ['        client.enable_starttls = False'] : []),
		'        client.connect(*address)',
	];
}

/** With @xmpp/client 0.14, as an ES module. Certificates are checked. */
export function scriptXmpp(sketch: Sketch): string | undefined {
	const program = programOf(sketch);
	if (!program) return undefined;
	const { jid, stanzas, listens } = program;
	const [name = '', domain = ''] = (jid.split('/')[0] ?? '').split('@');
	return [
		"import { client } from '@xmpp/client';",
		'',
		`const xmpp = client({ service: ${literal(sketch.url ?? `xmpp://${domain}`)}, domain: ${literal(domain)}, username: ${literal(name)}, password: 'PASSWORD' });`,
		"xmpp.on('error', (error) => {",
		'  console.error(error.message);',
		'  process.exit(1);',
		'});',
		'await xmpp.start();',
		"xmpp.on('element', (element) => console.log(element.toString()));",
		...(listens ? ["await xmpp.write('<presence/>');"] : []),
		...stanzas.map((stanza) => `await xmpp.write(${literal(stanza)});`),
		...(listens ? [] : [`setTimeout(() => xmpp.stop(), ${wait});`]),
		'',
	].join('\n');
}
