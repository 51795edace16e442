import { fail } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { requestText } from '../exchange/request-text';
import { sketchOf } from '../exchange/sketch';
import { printMetadata } from '../syntax/print';
import { conversationOf } from '../syntax/words';
import { binaryField } from '../values/sending-verb';
import { assertSends } from './round-trip';

/** A message to write into a file. */
export interface Written {
	draft: Draft;
	/** Milliseconds since the epoch. The time between two messages becomes a wait. */
	time: number;
}

export interface NewFile {
	/** The connection's name. */
	connection: string;
	description: ProtocolDescription;
	messages?: readonly Written[];
}

/** Sending takes about as long as a shorter pause. Milliseconds. */
const minWait = 10;

/**
 * The text of a new message file: requests that send exactly these messages, or an example for the connection. Throws
 * `cannot-write` with a sentence that names the part which a message file cannot hold.
 */
export async function newFile(file: NewFile): Promise<string> {
	const text = newFileText(file);
	const { messages = [], description } = file;
	if (messages.length > 0)
		await assertSends(
			text,
			messages.map(({ draft }) => draft),
			description,
			{ profile: file.connection },
		);
	return text;
}

/** The text without the check that it sends exactly its messages. */
export function newFileText(file?: NewFile): string {
	if (!file) return `${printMetadata('connection', 'name')}\n\n### A first message\nPUBLISH demo/hello\n\nHello\n`;
	const { connection, description, messages = [] } = file;
	const head = `${printMetadata('connection', connection)}\n`;
	const [first, ...rest] = messages;
	if (!first) return `${head}\n${example(description)}`;
	const requests = conversationOf(description.id)
		? [conversation(description, first, rest)]
		: messages.map((one, at) => publish(description, messages, one, at));
	return `${head}\n${requests.join('\n')}`;
}

function publish(
	description: ProtocolDescription,
	messages: readonly Written[],
	{ draft, time }: Written,
	at: number,
): string {
	const title = draft.target === '' ? `Message ${at + 1}` : draft.target;
	const text = requestText(sketchOf(draft, description, ''), { title, description });
	const next = messages[at + 1];
	// No step can follow a request without a body.
	const wait = next && draft.payload.length > 0 ? waitBetween(time, next.time) : undefined;
	return wait === undefined ? text : `${text}${wait}\n`;
}

/** All messages become one conversation, with the pauses between them. */
function conversation(description: ProtocolDescription, first: Written, rest: readonly Written[]): string {
	const all = [first, ...rest];
	const drafts = all.map(({ draft }) => draft);
	if (rest.length > 0 && drafts.some(({ payload }) => payload.length === 0))
		throw fail('cannot-write', 'A conversation in a message file cannot contain an empty message. Leave it out.');
	if (new Set(drafts.map(({ verb }) => verb)).size > 1 || new Set(drafts.map(typeOf(description))).size > 1)
		throw fail(
			'cannot-write',
			'All messages of a conversation in a message file have the same type. Select only text messages, or only binary ones.',
		);
	return requestText(
		{ ...sketchOf(first.draft, description, ''), messages: drafts.map(({ payload }) => ({ bytes: payload })) },
		{
			title: 'Conversation',
			description,
			separator: (at) => waitBetween((all[at - 1] as Written).time, (all[at] as Written).time),
		},
	);
}

const typeOf = (description: ProtocolDescription) => {
	return ({ verb, values }: Draft) => {
		const field = binaryField(description, verb);
		return field && (values[field.key] ?? ('default' in field ? field.default : undefined));
	};
};

function waitBetween(from: number, to: number): string | undefined {
	const ms = Math.round(to - from);
	return from > 0 && ms >= minWait ? `=== wait ${ms}ms` : undefined;
}

function example(description: ProtocolDescription): string {
	const { id, verbs, subscription, words } = description;
	const conversing = conversationOf(id);
	if (conversing)
		return `### A conversation\n# @timeout 5s\n${conversing.name}\n\n{"hello":1}\n=== wait-for-server\n{"hello":2}\n`;
	const [verb] = verbs;
	const target = verb?.targetPlaceholder ?? 'demo/hello';
	const send = `### ${words.send}\nPUBLISH ${oneWord(target)}\n\nHello\n`;
	const receive = `### ${words.subscribe}\n# @maxMessages 1\n# @timeout 10s\nSUBSCRIBE ${oneWord(subscription?.placeholder ?? target)}\n\n?? messages length == 1\n`;
	return subscription ? `${receive}\n${send}` : send;
}

/** The first target of a placeholder, which may start with "e.g." and name several. */
const oneWord = (text: string) => text.replace(/^e\.g\.\s*/, '').split(/\s|,\s/)[0] ?? text;
