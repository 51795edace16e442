// An XMPP server that lets one user in by SCRAM-SHA-1 and writes pre-encoded messages as fast as they are read; on the
// next port the same messages without any sign-in.
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { createServer } from 'node:net';
import { pour } from './pour.mjs';

const { messages, password } = JSON.parse(process.argv[2]);
const perBlock = 500;
const stanzas = [];
for (let at = 0; at < perBlock; at++) {
	const body = `soil moisture ${at % 100} % at ${100_000 + at}, ${'x'.repeat(30)}`;
	stanzas.push(
		`<message from='dev-${at % 20}@localhost/sensor' to='alice@localhost/here' id='m-${100_000 + at}' type='chat'><body>${body}</body></message>`,
	);
}
const block = Buffer.from(stanzas.join(''));
const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='s' version='1.0'>`;

const ns = 'urn:ietf:params:xml:ns:xmpp-sasl';
const plain = (text) => Buffer.from(text, 'base64').toString();
const base64 = (text) => Buffer.from(text).toString('base64');

const full = createServer((socket) => {
	socket.on('error', () => {});
	socket.setNoDelay(true);
	let received = '';
	let first = '';
	let challenge = '';
	const steps = [
		[
			/<stream:stream[^>]*>/,
			() =>
				`${header}<stream:features><mechanisms xmlns='${ns}'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>`,
		],
		[
			/<auth[^>]*>([^<]*)<\/auth>/,
			([, text]) => {
				first = plain(text).replace(/^[^,]*,,/, '');
				challenge = `r=${/r=([^,]*)/.exec(first)[1]}server,s=${base64('salt')},i=4096`;
				return `<challenge xmlns='${ns}'>${base64(challenge)}</challenge>`;
			},
		],
		[
			/<response[^>]*>([^<]*)<\/response>/,
			([, text]) => {
				const key = createHmac('sha1', pbkdf2Sync(password, 'salt', 4096, 20, 'sha1'))
					.update('Server Key')
					.digest();
				const all = `${first},${challenge},${plain(text).replace(/,p=.*$/, '')}`;
				return `<success xmlns='${ns}'>${base64(`v=${createHmac('sha1', key).update(all).digest('base64')}`)}</success>`;
			},
		],
		[
			/<stream:stream[^>]*>/,
			() => `${header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`,
		],
		[
			/<iq[^>]*id=["']([^"']*)["'][\s\S]*?<\/iq>/,
			([, id]) =>
				`<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@localhost/here</jid></bind></iq>`,
		],
	];
	socket.on('data', (chunk) => {
		received += chunk;
		for (let step = steps[0]; step; step = steps[0]) {
			const found = step[0].exec(received);
			if (!found) return;
			received = received.slice(found.index + found[0].length);
			steps.shift();
			socket.write(step[1](found));
			if (steps.length === 0) pour(socket, block, messages / perBlock);
		}
	});
});
const bare = createServer((socket) => {
	socket.on('error', () => {});
	socket.setNoDelay(true);
	socket.resume();
	socket.write(header);
	pour(socket, block, messages / perBlock);
});
full.listen(0, '127.0.0.1', () => {
	const { port } = full.address();
	bare.listen(port + 1, '127.0.0.1', () => process.send(port));
});
process.on('disconnect', () => process.exit());
