import { type Code, program, python } from '../../shared/commands/code';
import { comments, messagesOf, pythonBytes } from '../../shared/commands/literals';
import type { Message, Sketch } from '../../shared/commands/sketch';
import type { Value } from '../wire/codec/values';
import { bodyOf, type MapName, type MessagePlan, type PropertyName, plainText, planOf } from './message-plan';
import { addressOf, attempt, isRequest, modeOf, parts, receives, uniqueLeft } from './program-parts';
import { pythonValue, Unwritable } from './typed-code';

/** Names of the properties in proton.Message. */
const pythonNames: Record<PropertyName | MapName, Code> = {
	message_id: python`id`,
	user_id: python`user_id`,
	to: python`address`,
	subject: python`subject`,
	reply_to: python`reply_to`,
	correlation_id: python`correlation_id`,
	content_type: python`content_type`,
	content_encoding: python`content_encoding`,
	absolute_expiry_time: python`expiry_time`,
	creation_time: python`creation_time`,
	group_id: python`group_id`,
	group_sequence: python`group_sequence`,
	reply_to_group_id: python`reply_to_group_id`,
	durable: python`durable`,
	priority: python`priority`,
	ttl: python`ttl`,
	first_acquirer: python`first_acquirer`,
	delivery_count: python`delivery_count`,
	application_properties: python`properties`,
	message_annotations: python`annotations`,
	delivery_annotations: python`instructions`,
	footer: python`footer`,
};

/** Seconds that proton converts back to exactly these milliseconds: it multiplies by 1000 and cuts the fraction. */
const secondsOf = (ms: number): number => (Math.trunc((ms / 1000) * 1000) === ms ? ms / 1000 : (ms + 0.5) / 1000);

function pythonProperty(name: PropertyName, value: Value): Code {
	const set = (code: Code | number) => python`${pythonNames[name]}=${code}`;
	if (value.type === 'timestamp') return set(secondsOf(Number(value.value)));
	if (name === 'ttl' && value.type === 'uint') return set(secondsOf(value.value));
	// The properties have fixed types, which proton adds.
	if (value.type === 'ubyte' || value.type === 'uint') return set(value.value);
	if (value.type === 'symbol') return python`${pythonNames[name]}=${value.value}`;
	// Texts and addresses have one type; only identifiers have several.
	const fixed = name === 'user_id' ? 'binary' : 'string';
	if (!['message_id', 'correlation_id'].includes(name) && ![fixed, 'boolean'].includes(value.type))
		throw new Unwritable();
	return set(pythonValue(value));
}

function pythonMessage(sketch: Sketch, message: Message, plan: MessagePlan): Code {
	const body = bodyOf(sketch, message);
	const list =
		body.kind === 'data'
			? [pythonBytes(body.message), python`inferred=${true}`]
			: body.kind === 'none'
				? []
				: [pythonValue(body.value), ...(body.kind === 'sequence' ? [python`inferred=${true}`] : [])];
	list.push(
		...parts(plan, pythonProperty, (name, pairs) => {
			if (name === 'footer') throw new Unwritable();
			return python`${pythonNames[name]}=${pythonValue({ type: 'map', value: pairs })}`;
		}),
	);
	return python`proton.Message(${list})`;
}

/** With python-qpid-proton 0.37 or later. */
export const pythonAmqp1 = (sketch: Sketch): string | undefined =>
	attempt(sketch, () => {
		const { host, port, tls } = addressOf(sketch);
		const plan = receives(sketch) ? { properties: [], maps: [], left: [] } : planOf(sketch);
		const messages = receives(sketch) ? [] : messagesOf(sketch).map((one) => pythonMessage(sketch, one, { ...plan }));
		const shownHost = host.includes(':') ? `[${host}]` : host;
		const connect = [python`${`${tls ? 'amqps' : 'amqp'}://${shownHost}:${port}`}`];
		if (sketch.username !== undefined) connect.push(python`user=${sketch.username}`, python`password="PASSWORD"`);
		const virtual = plainText(sketch.profile?.hostname);
		if (virtual !== undefined) connect.push(python`virtual_host=${virtual}`);
		const lines = [
			...(messages.some(({ text }) => text.includes('uuid.UUID(')) ? [python`import uuid`, python``] : []),
			python`import proton`,
			python`import proton.reactor`,
			python`import proton.utils`,
			python``,
			...comments('#', uniqueLeft(plan)),
			python`connection = proton.utils.BlockingConnection(${connect})`,
		];
		if (receives(sketch)) return program([...lines, ...pythonReceiving(sketch), python`connection.close()`]);
		if (isRequest(sketch)) {
			lines.push(python`client = proton.utils.SyncRequestResponse(connection, ${sketch.target})`);
			for (const one of messages) lines.push(python`print(client.call(${one}))`);
		} else {
			// An outcome other than accepted is an error.
			lines.push(python`sender = connection.create_sender(${sketch.target})`);
			for (const one of messages) lines.push(python`print(sender.send(${one}).remote_state)`);
		}
		return program([...lines, python`connection.close()`]);
	});

function pythonReceiving(sketch: Sketch): Code[] {
	const mode = modeOf(sketch);
	const selector = plainText(sketch.own?.values.selector);
	const options = [
		...(mode === 'browse' ? [python`proton.reactor.Copy()`] : []),
		...(selector === undefined ? [] : [python`proton.reactor.Selector(${selector})`]),
	];
	const settle = mode === 'consume' ? python`accept` : python`release`;
	return [
		mode === 'consume'
			? python`# Removes the messages.`
			: mode === 'browse'
				? python`# Asks for copies. A server that does not grant them delivers the messages, which are released then.`
				: python`# Takes the messages and releases them.`,
		python`receiver = connection.create_receiver(${[python`${sketch.target}`, ...(options.length > 0 ? [python`options=[${options}]`] : [])]})`,
		python`for message in iter(lambda: receiver.receive(timeout=None), None):`,
		python`    print(message)`,
		python`    receiver.${settle}()`,
	];
}
