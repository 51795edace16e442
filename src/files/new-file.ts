import type { Draft } from '../model/message';
import type { ProtocolDescription } from '../protocols/description';
import { sketchOf } from './commands/sketch';
import { bodyText, requestText } from './commands/to-text';

/** A message that a file is made of. */
export interface Written {
	draft: Draft;
	/** Milliseconds since the epoch: what lies between two is kept as a wait. */
	time: number;
}

export interface NewFile {
	/** The connection's name. */
	connection: string;
	description: ProtocolDescription;
	messages?: readonly Written[];
}

/** Shorter pauses are what sending takes anyway. Milliseconds. */
const shortestWait = 10;

/** A message file to begin with: requests for these messages, or an example for the connection. */
export function newFileText(file?: NewFile): string {
	if (!file) return `${head('name')}\n### A first message\nPUBLISH demo/hello\n\nHello\n`;
	const { connection, description, messages = [] } = file;
	if (messages.length === 0) return `${head(connection)}\n${example(description)}`;
	const isSocket = description.id === 'websocket';
	const requests = isSocket
		? [conversation(file, messages)]
		: messages.map((one, at) => publish(file, messages, one, at));
	return `${head(connection)}\n${requests.join('\n')}`;
}

const head = (connection: string) => `# @connection ${connection}\n`;

function publish({ description }: NewFile, messages: readonly Written[], { draft, time }: Written, at: number): string {
	const title = draft.target === '' ? `Message ${at + 1}` : draft.target;
	const text = requestText(sketchOf(draft, description, ''), { title });
	const next = messages[at + 1];
	// An empty message is one without a body, behind which no step can stand.
	const wait = next && draft.payload.length > 0 ? waitBetween(time, next.time) : undefined;
	return wait === undefined ? text : `${text}${wait}\n`;
}

/** All of a WebSocket's messages are one conversation. */
function conversation({ description }: NewFile, messages: readonly Written[]): string {
	const [first, ...rest] = messages as [Written, ...Written[]];
	const sketch = sketchOf(first.draft, description, '');
	const all = { ...sketch, messages: messages.map(({ draft }) => ({ bytes: draft.payload })) };
	const encoded = requestText(all).includes('\n# @body base64\n');
	// Without its messages, and then these with what lies between them.
	const start = requestText({ ...all, messages: [] }, { title: 'Conversation' });
	const lines = encoded ? start.replace('\n', '\n# @body base64\n') : start;
	let before = first.time;
	const steps = rest.map(({ draft, time }) => {
		const separator = waitBetween(before, time) ?? '===';
		before = time;
		return `${separator}\n${bodyText({ bytes: draft.payload }, encoded)}\n`;
	});
	const opening = `${bodyText({ bytes: first.draft.payload }, encoded)}\n`;
	return `${lines}\n${opening}${steps.join('')}`;
}

function waitBetween(from: number, to: number): string | undefined {
	const ms = Math.round(to - from);
	return from > 0 && ms >= shortestWait ? `=== wait ${ms}ms` : undefined;
}

function example({ verbs, subscription, words, id }: ProtocolDescription): string {
	if (id === 'websocket')
		return '### A conversation\n# @timeout 5s\nWEBSOCKET\n\n{"hello":1}\n=== wait-for-server\n{"hello":2}\n';
	const [verb] = verbs;
	const target = verb?.targetPlaceholder ?? 'demo/hello';
	const send = `### ${words.send}\nPUBLISH ${oneWord(target)}\n\nHello\n`;
	const receive = `### ${words.subscribe}\n# @maxMessages 1\n# @timeout 10s\nSUBSCRIBE ${oneWord(subscription?.placeholder ?? target)}\n\n?? messages length == 1\n`;
	return subscription ? `${receive}\n${send}` : send;
}

/** A placeholder says "e.g. …" in places, and may show several. */
const oneWord = (text: string) => text.replace(/^e\.g\.\s*/, '').split(/\s|,\s/)[0] ?? text;
