import { type Code, program, script } from '../../shared/commands/code';
import { comments, fileImport, messagesOf, scriptBytes } from '../../shared/commands/literals';
import type { Message, Sketch } from '../../shared/commands/sketch';
import type { Value } from '../wire/codec/values';
import { bodyOf, type MapName, type MessagePlan, type PropertyName, plainText, planOf } from './message-plan';
import { addressOf, attempt, isRequest, modeOf, parts, receives, uniqueLeft } from './program-parts';
import { largeNumber, rawBytes, scriptValue, Unwritable } from './typed-code';

function scriptMessage(sketch: Sketch, message: Message, plan: MessagePlan, more: Code[] = []): Code {
	const body = bodyOf(sketch, message);
	const list = parts(
		plan,
		(name, value) => script`${scriptNames(name)}: ${scriptProperty(name, value)}`,
		(name, pairs) => script`${scriptNames(name)}: ${scriptMap(name, pairs)}`,
	);
	list.push(...more);
	if (body.kind === 'data') list.push(script`body: rhea.message.data_section(${scriptBytes(body.message)})`);
	else if (body.kind === 'sequence')
		list.push(
			script`body: rhea.message.sequence_section([${(body.value as { value: Value[] }).value.map(scriptValue)}])`,
		);
	else if (body.kind === 'value') list.push(script`body: ${scriptValue(body.value)}`);
	return script`{ ${list} }`;
}

/** rhea adds the types that the properties have; only identifiers have one of their own. */
function scriptProperty(name: PropertyName, value: Value): Code {
	if (name === 'message_id' || name === 'correlation_id') return scriptValue(value);
	switch (value.type) {
		case 'timestamp':
			return largeNumber(value.value);
		case 'binary':
			return rawBytes(value.value);
		case 'string':
		case 'symbol':
		case 'boolean':
		case 'ubyte':
		case 'uint':
			return script`${value.value}`;
		default:
			throw new Unwritable();
	}
}

/** Maps are objects by name: rhea writes the keys of annotations as symbols. */
function scriptMap(name: MapName, pairs: readonly [Value, Value][]): Code {
	const wanted = name === 'application_properties' ? 'string' : 'symbol';
	const members = pairs.map(([key, value]) => {
		if (key.type !== wanted || ('value' in key && /[^\0-\x7f]/.test(String(key.value)) && wanted === 'symbol'))
			throw new Unwritable();
		return script`[${String((key as { value: string }).value)}]: ${scriptValue(value)}`;
	});
	return script`{ ${members} }`;
}

const names = {
	message_id: script`message_id`,
	user_id: script`user_id`,
	to: script`to`,
	subject: script`subject`,
	reply_to: script`reply_to`,
	correlation_id: script`correlation_id`,
	content_type: script`content_type`,
	content_encoding: script`content_encoding`,
	absolute_expiry_time: script`absolute_expiry_time`,
	creation_time: script`creation_time`,
	group_id: script`group_id`,
	group_sequence: script`group_sequence`,
	reply_to_group_id: script`reply_to_group_id`,
	durable: script`durable`,
	priority: script`priority`,
	ttl: script`ttl`,
	first_acquirer: script`first_acquirer`,
	delivery_count: script`delivery_count`,
	application_properties: script`application_properties`,
	message_annotations: script`message_annotations`,
	delivery_annotations: script`delivery_annotations`,
	footer: script`footer`,
} as const;
const scriptNames = (name: PropertyName | MapName): Code => names[name];

/** With rhea 3, as an ES module. */
export const scriptAmqp1 = (sketch: Sketch): string | undefined =>
	attempt(sketch, () => {
		const { host, port, tls } = addressOf(sketch);
		const connect = [
			script`host: ${host}`,
			script`port: ${port}`,
			...(tls ? [script`transport: 'tls'`] : []),
			...(sketch.username === undefined ? [] : [script`username: ${sketch.username}`, script`password: 'PASSWORD'`]),
			...(plainText(sketch.profile?.hostname) === undefined
				? []
				: [script`hostname: ${plainText(sketch.profile?.hostname) as string}`]),
			script`reconnect: ${false}`,
		];
		const start = [script`import rhea from 'rhea';`, script``];
		const open = script`const connection = rhea.connect({ ${connect} });`;
		if (receives(sketch)) return program([...start, open, ...scriptReceiving(sketch)]);
		const plan = planOf(sketch);
		const asks = isRequest(sketch);
		const more = asks ? [script`reply_to: receiver.source.address`] : [];
		const messages = messagesOf(sketch).map((one) => scriptMessage(sketch, one, plan, more));
		const lines = [
			...fileImport(sketch),
			...start,
			...comments('//', uniqueLeft(plan)),
			open,
			script`const sender = connection.open_sender(${sketch.target});`,
			script`const ready = new Promise((resolve) => sender.once('sendable', resolve));`,
			script`let waiting = ${messages.length};`,
			script`const done = () => --waiting === 0 && connection.close();`,
		];
		if (asks)
			lines.push(
				script`const receiver = connection.open_receiver({ source: { dynamic: true } });`,
				script`receiver.on('message', ({ message }) => { console.log(message); done(); });`,
				script`await new Promise((resolve) => receiver.once('receiver_open', resolve));`,
			);
		else
			lines.push(
				script`for (const outcome of ['accepted', 'rejected', 'released', 'modified'])`,
				script`  sender.on(outcome, ({ delivery }) => { console.log(outcome, delivery.remote_state?.error ?? ''); done(); });`,
			);
		lines.push(script`await ready;`);
		for (const one of messages) lines.push(script`sender.send(${one});`);
		return program(lines);
	});

function scriptReceiving(sketch: Sketch): Code[] {
	const mode = modeOf(sketch);
	const selector = plainText(sketch.own?.values.selector);
	const source = [
		script`address: ${sketch.target}`,
		...(mode === 'browse' ? [script`distribution_mode: 'copy'`] : []),
		...(selector === undefined ? [] : [script`filter: rhea.filter.selector(${selector})`]),
	];
	return [
		mode === 'consume'
			? script`// Removes the messages.`
			: mode === 'browse'
				? script`// Asks for copies. A server that does not grant them delivers the messages, which are released then.`
				: script`// Takes the messages and releases them.`,
		script`const receiver = connection.open_receiver({ source: { ${source} }, autoaccept: ${mode === 'consume'} });`,
		script`receiver.on('message', ({ message, delivery }) => {`,
		script`  console.log(message);`,
		...(mode === 'consume' ? [] : [script`  delivery.release();`]),
		script`});`,
	];
}
