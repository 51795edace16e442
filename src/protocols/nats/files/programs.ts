import { type Code, program, python, script } from '../../shared/commands/code';
import {
	comments,
	fileImport,
	type LeftOut,
	messagesOf,
	pythonBytes,
	scriptBytes,
} from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { headerOf, isForStream, modeOf, streamHeaders } from './write-command';

/** Options of a request that are no headers of its message, in lower case. */
const options = ['verb', 'mode', 'timeout', 'reply', 'reply-to', 'max-answers', 'queue', 'internal'];

/** What a program sends or asks for, independent of its language. */
interface Plan {
	headers: [string, string][];
	reply?: string;
	queue?: string;
	/** Seconds to wait for an answer. */
	timeout: number;
	left: LeftOut[];
}

function planOf(sketch: Sketch): Plan {
	const headers = sketch.headers.flatMap(([name, value, kind]): [string, string][] => {
		const plain = kind === 'message' ? '' : name.toLowerCase();
		if (options.includes(plain)) return [];
		return [[(Object.hasOwn(streamHeaders, plain) ? streamHeaders[plain] : undefined) ?? name, value]];
	});
	const left: LeftOut[] = [];
	// Both libraries throw for a name that is not a field name, and for a value with a line end.
	const valid = headers.filter(([name, value]) => /^[!-9;-~]+$/.test(name) && !/[\r\n\0]/.test(value));
	for (const one of headers)
		if (!valid.includes(one)) left.push([`${one[0]}: ${one[1]}`, 'which the library cannot send']);
	const answers = headerOf(sketch, 'max-answers');
	if (answers !== undefined && answers !== '1')
		left.push([`Max-Answers ${answers}`, 'since the program waits for one']);
	const seconds = Number(headerOf(sketch, 'timeout') ?? 5);
	const reply = headerOf(sketch, 'reply') ?? headerOf(sketch, 'reply-to');
	const queue = headerOf(sketch, 'queue');
	return {
		headers: valid,
		...(reply && { reply }),
		...(queue && { queue }),
		timeout: Number.isFinite(seconds) && seconds > 0 ? seconds : 5,
		left,
	};
}

/** There are programs for subjects; what reads a stream or a bucket needs more than a few lines. */
const isBeyond = (sketch: Sketch) =>
	sketch.verb === 'CONSUME' || (sketch.verb === 'SUBSCRIBE' && !['subscribe', 'queue'].includes(modeOf(sketch)));

/** With nats-py 2. */
export function pythonNats(sketch: Sketch): string | undefined {
	if (isBeyond(sketch)) return undefined;
	const { headers, reply, queue, timeout, left } = planOf(sketch);
	const names = new Set(headers.map(([name]) => name));
	// A dictionary contains a name once.
	const unique = [...names].map((name) => headers.findLast(([one]) => one === name) as [string, string]);
	for (const one of headers)
		if (!unique.includes(one)) left.push([`${one[0]}: ${one[1]}`, 'since nats-py sends each header once']);
	const connect = [python`${sketch.url ?? 'nats://localhost:4222'}`];
	if (sketch.username !== undefined) connect.push(python`user=${sketch.username}`, python`password="PASSWORD"`);
	const lines = [
		python`import asyncio`,
		python``,
		python`import nats`,
		...comments('#', left),
		python``,
		python``,
		python`async def main():`,
		python`    client = await nats.connect(${connect})`,
	];
	if (sketch.verb === 'SUBSCRIBE')
		lines.push(
			python`    subscription = await client.subscribe(${[python`${sketch.target}`, ...(queue ? [python`queue=${queue}`] : [])]})`,
			python`    async for message in subscription.messages:`,
			python`        print(message.subject, message.headers, message.data)`,
		);
	else {
		const more =
			unique.length > 0 ? [python`headers={${unique.map(([name, value]) => python`${name}: ${value}`)}}`] : [];
		for (const one of messagesOf(sketch)) {
			const place = [python`${sketch.target}`, pythonBytes(one)];
			if (isForStream(sketch))
				lines.push(
					python`    print(await client.jetstream().publish(${[...place, python`timeout=${timeout}`, ...more]}))`,
				);
			else if (sketch.verb === 'REQUEST')
				lines.push(
					python`    answer = await client.request(${[...place, python`timeout=${timeout}`, ...more]})`,
					python`    print(answer.headers, answer.data)`,
				);
			else
				lines.push(
					python`    await client.publish(${[...place, ...(reply ? [python`reply=${reply}`] : []), ...more]})`,
				);
		}
		// Draining waits until the server has processed what was sent.
		lines.push(python`    await client.drain()`);
	}
	return program([...lines, python``, python``, python`asyncio.run(main())`]);
}

/** With @nats-io/transport-node 3, as an ES module. */
export function scriptNats(sketch: Sketch): string | undefined {
	if (isBeyond(sketch)) return undefined;
	const { headers, reply, queue, timeout, left } = planOf(sketch);
	const url = sketch.url ?? 'nats://localhost:4222';
	const web = /^wss?:/i.test(url);
	const receives = sketch.verb === 'SUBSCRIBE';
	const connect = [script`servers: ${url}`];
	if (sketch.username !== undefined) connect.push(script`user: ${sketch.username}`, script`pass: 'PASSWORD'`);
	const open = web ? script`wsconnect` : script`connect`;
	const names = receives || headers.length === 0 ? open : script`${open}, headers`;
	const lines = [
		...(receives ? [] : fileImport(sketch)),
		script`import { ${names} } from '@nats-io/transport-node';`,
		script``,
		...comments('//', left),
		script`const client = await ${open}({ ${connect} });`,
	];
	if (receives)
		return program([
			...lines,
			script`for await (const message of client.subscribe(${sketch.target}${queue ? script`, { queue: ${queue} }` : []}))`,
			script`  console.log(message.subject, String(message.headers ?? ''), message.string());`,
		]);
	const more: Code[] = [];
	if (headers.length > 0) {
		lines.push(script`const fields = headers();`);
		for (const [name, value] of headers) lines.push(script`fields.append(${name}, ${value});`);
		more.push(script`headers: fields`);
	}
	for (const one of messagesOf(sketch)) {
		const place = [script`${sketch.target}`, scriptBytes(one)];
		// A stream answers a message with the sequence under which it has stored it.
		if (isForStream(sketch) || sketch.verb === 'REQUEST')
			lines.push(
				script`console.log((await client.request(${place}, { ${[script`timeout: ${timeout * 1000}`, ...more]} })).string());`,
			);
		else {
			const set = [...(reply ? [script`reply: ${reply}`] : []), ...more];
			lines.push(script`client.publish(${place}${set.length > 0 ? script`, { ${set} }` : []});`);
		}
	}
	return program([...lines, script`await client.drain();`]);
}
