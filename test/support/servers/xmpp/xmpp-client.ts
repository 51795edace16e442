import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../../run/eventually';

/** A client of a few lines that shares nothing with the adapter: plain TCP, PLAIN, and text that is searched. */
export interface RawClient {
	/** Everything received since the session began, as text. */
	readonly received: string;
	/** Whole stanzas of this name since the last call. */
	take(name: string): string[];
	send(xml: string): void;
	/** Waits for an answer to an IQ that is sent with this content. */
	ask(to: string, type: string, content: string): Promise<string>;
	readonly closed: boolean;
	end(): void;
}

export async function rawClient(port: number, user: string, password: string, resource = 'raw'): Promise<RawClient> {
	const socket = connect(port, '127.0.0.1');
	socket.setNoDelay(true);
	await once(socket, 'connect');
	socket.setEncoding('utf8');
	let text = '';
	let closed = false;
	socket.on('data', (chunk: string) => {
		text += chunk;
	});
	socket.on('error', () => {});
	socket.on('close', () => {
		closed = true;
	});
	const wait = (pattern: RegExp) =>
		eventually(`${pattern}`, () => {
			const found = pattern.exec(text);
			if (!found) throw new Error(`not in ${text.slice(-500)}`);
			text = text.slice(found.index + found[0].length);
			return found[0];
		});
	const open = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>`;
	socket.write(open);
	await wait(/<\/stream:features>/);
	const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
	socket.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
	await wait(/<success[^>]*>/);
	socket.write(open);
	await wait(/<\/stream:features>/);
	socket.write(
		`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
	);
	await wait(/<\/iq>/);
	socket.write('<presence/>');
	let count = 0;
	const taken = new Map<string, number>();
	text = '';
	return {
		get received() {
			return text;
		},
		get closed() {
			return closed;
		},
		take(name) {
			const found: string[] = [];
			for (;;) {
				const start = text.indexOf(`<${name} `, taken.get(name) ?? 0);
				const end = start < 0 ? -1 : text.indexOf(`</${name}>`, start);
				if (end < 0) return found;
				const after = end + name.length + 3;
				found.push(text.slice(start, after));
				taken.set(name, after);
			}
		},
		send: (xml) => void socket.write(xml),
		async ask(to, type, content) {
			const id = `ask-${++count}`;
			socket.write(`<iq type='${type}' to='${to}' id='${id}'>${content}</iq>`);
			return eventually(`an answer of ${to}`, () => {
				const found = new RegExp(`<iq [^>]*id=['"]${id}['"][^>]*(/>|>[\\s\\S]*?</iq>)`).exec(text);
				if (!found) throw new Error('none yet');
				return found[0];
			});
		},
		end: () => void socket.destroy(),
	};
}
