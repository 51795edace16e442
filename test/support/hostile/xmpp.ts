import { createHmac, pbkdf2Sync } from 'node:crypto';
import { type Dialogue, type Step, tcpStep } from './hostile';
import { hostileText, hostileUser } from './websocket';

export { hostileUser };

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='s' version='1.0'>`;
const features = (content: string) => `<stream:features>${content}</stream:features>`;
const sasl = (name: string, content: string) =>
	`<${name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${content}</${name}>`;
const mechanisms = features(sasl('mechanisms', '<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>'));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain = (text: string) => Buffer.from(text, 'base64').toString();
const streamError = (condition: string, content = '') =>
	`<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${content}</${condition}></stream:error></stream:stream>`;

/** The text up to the end of this element; undefined if it is incomplete. */
const until = (pattern: RegExp) => (received: Buffer) => {
	const found = pattern.exec(received.toString('latin1'));
	return found ? found.index + found[0].length : undefined;
};

/** Faults at any point of a stream, since XML is read in the same way everywhere. */
const malformed = (before: string): Record<string, Buffer> => {
	const all: Record<string, string> = {
		'an unknown entity': '<message><body>&bomb;</body></message>',
		'a mismatched tag': '<message><body></message>',
		'data after the end of the stream': '</stream:stream><message/>',
		'another stream behind it': `</stream:stream>${header}`,
		'an empty stream error': '<stream:error/>',
		'a hostile stream error': `<stream:error><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${hostileText.replace(/[<>]|\p{Cc}/gu, '')}</text></stream:error>`,
		'a comment': '<!-- hello --><message/>',
		'an instruction': '<?evil do?>',
		'a document type': '<!DOCTYPE a [<!ENTITY b "c">]>',
		'text between stanzas': 'hello <message/>',
		'an unbound prefix': '<x:message/>',
		'an attribute twice': "<message to='a' to='b'/>",
		'a NUL': '<message>\0</message>',
		'a reference to nothing': '<message>&#0;</message>',
		'ten thousand attributes': `<message ${Array.from({ length: 10_000 }, (_, at) => `a${at}=''`).join(' ')}/>`,
		'ten thousand levels': '<a>'.repeat(10_000),
		'a million elements': `<message>${'<a/>'.repeat(250_000)}</message>`,
		'a redirection': streamError('see-other-host', '127.0.0.1:22198'),
		conflict: streamError('conflict'),
		'not authorized': streamError('not-authorized'),
	};
	const bytes: Record<string, Buffer> = {
		...Object.fromEntries(Object.entries(all).map(([name, text]) => [name, Buffer.from(text)])),
		'half a character': Buffer.concat([
			Buffer.from('<message>'),
			Buffer.from('f09f98', 'hex'),
			Buffer.from('</message>'),
		]),
		'a character of five bytes': Buffer.concat([Buffer.from('<message>'), Buffer.from('f888808080', 'hex')]),
	};
	return Object.fromEntries(
		Object.entries(bytes).map(([name, text]) => [name, Buffer.concat([Buffer.from(before), text])]),
	);
};

const huge = Buffer.from(`<message><body>${'x'.repeat(1_200_000)}`);
const endless = { start: Buffer.from('<message><body>'), more: Buffer.from('all work and no play '.repeat(3000)) };

interface StepOptions {
	takes: Step['takes'];
	answer(asked: string): string;
	/** Text in front of each fault. */
	before?: string;
	wrong?(asked: string): Record<string, string>;
}

function step(name: string, { takes, answer, before = '', wrong }: StepOptions): Step {
	return {
		name,
		takes,
		answer: (asked) => Buffer.from(answer(asked.toString())),
		wrong: (asked) => ({
			...malformed(before),
			...Object.fromEntries(
				Object.entries(wrong?.(asked.toString()) ?? {}).map(([fault, text]) => [fault, Buffer.from(text)]),
			),
		}),
		huge,
		endless,
	};
}

/** A server over TLS, or trusted without it. Performs SCRAM-SHA-1 correctly up to the fault. */
export const xmppDialogue: Dialogue = () => {
	let first = '';
	let challenge = '';
	const signature = (proof: string) => {
		const salted = pbkdf2Sync(hostileUser.password, 'salt', 4096, 20, 'sha1');
		const key = createHmac('sha1', salted).update('Server Key').digest();
		const without = plain(proof).replace(/,p=.*$/, '');
		return createHmac('sha1', key).update(`${first},${challenge},${without}`).digest('base64');
	};
	const content = (asked: string) => />([^<]*)<\/(?:auth|response)>/.exec(asked)?.[1] ?? '';
	const challenged = (asked: string, iterations: number | string, nonce?: string) => {
		first = plain(content(asked)).replace(/^[^,]*,,/, '');
		challenge = `r=${nonce ?? `${/r=([^,]*)/.exec(first)?.[1]}server`},s=${base64('salt')},i=${iterations}`;
		return sasl('challenge', base64(challenge));
	};
	return [
		tcpStep,
		step('features', {
			takes: until(/<stream:stream[^>]*>/),
			before: header,
			answer: () => header + mechanisms,
			wrong: () => ({
				'another root': '<html><body>Hello</body></html>',
				'another namespace': header.replace('etherx.jabber.org/streams', 'example.org/'),
				'no features': `${header}<message/>`,
				'no mechanisms': header + features(''),
				'a hostile mechanism':
					header + features(sasl('mechanisms', `<mechanism>${'X'.repeat(10_000)}\u202e</mechanism>`)),
				'a thousand stanzas': header + '<message/>'.repeat(2000),
			}),
		}),
		step('challenge', {
			takes: until(/<\/auth>/),
			answer: (asked) => challenged(asked, 4096),
			wrong: (asked) => ({
				'two million iterations': challenged(asked, 2_000_000),
				'no iterations': challenged(asked, 0),
				'a count that is none': challenged(asked, '4096abc'),
				'another nonce': challenged(asked, 4096, 'mallory'),
				'no salt': sasl('challenge', base64('r=x')),
				'no base64': sasl('challenge', '%%%'),
				'success at once': sasl('success', ''),
				'a hostile failure': sasl(
					'failure',
					`<not-authorized/><text>${hostileText.replace(/[<>]|\p{Cc}/gu, '')}</text>`,
				),
				'challenges without end': sasl('challenge', base64('v=x')).repeat(10),
			}),
		}),
		step('success', {
			takes: until(/<\/response>/),
			answer: (asked) => sasl('success', base64(`v=${signature(content(asked))}`)),
			wrong: () => ({
				'a wrong signature': sasl('success', base64(`v=${base64('01234567890123456789')}`)),
				'no signature': sasl('success', ''),
				'a short signature': sasl('success', base64('v=AA==')),
			}),
		}),
		step('bind', {
			takes: until(/<stream:stream[^>]*>/),
			before: header,
			answer: () => header + features(`<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>`),
			wrong: () => ({ 'no bind': header + features('') }),
		}),
		step('bound', {
			takes: until(/<\/iq>/),
			answer: (asked) =>
				`<iq type='result' id='${/id='([^']*)'/.exec(asked)?.[1]}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@localhost/here</jid></bind></iq>`,
			wrong: (asked) => ({
				'the answer to something else': "<iq type='result' id='other'/>",
				'no address': `<iq type='result' id='${/id='([^']*)'/.exec(asked)?.[1]}'/>`,
				'an error without a reason': `<iq type='error' id='${/id='([^']*)'/.exec(asked)?.[1]}'/>`,
			}),
		}),
		step('open', {
			takes: until(/<presence[\s\S]*<\/presence>/),
			answer: () => "<message from='bob@localhost'><body>tick</body></message>",
			wrong: () => ({
				'an answer to nothing': "<iq type='result' id='unknown'/>",
				'a request without anything': '<iq/>',
				'a thousand requests': Array.from(
					{ length: 1000 },
					(_, at) => `<iq type='get' id='${at}' from='x@y'><a xmlns='b'/></iq>`,
				).join(''),
				'a roster push of a stranger':
					"<iq type='set' id='1' from='evil@y'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
				'hostile names':
					"<presence from='__proto__@constructor/toString'><show>__proto__</show></presence><message from='' id='' type='__proto__'/>",
				'ten thousand contacts': Array.from({ length: 5000 }, (_, at) => `<presence from='u${at}@x/y'/>`).join(''),
			}),
		}),
	];
};
