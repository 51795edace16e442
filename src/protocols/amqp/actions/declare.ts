import { FailureError, fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Field } from '../../../model/profile/field';
import type { Act } from '../../adapter';
import { queueIn, tooLong } from '../describe/addresses';
import { exchangeFields, queueFields } from '../describe/declare-form';
import { headerTable } from '../describe/headers/header-values';
import { callOnce, exchangeDeclare, queueDeclare } from '../wire/calls';
import type { Call } from '../wire/channel';
import type { Connection } from '../wire/connection';
import { type Table, type TableValue, textValue } from '../wire/table';
import type { Isolation } from './isolated-connection';

type Values = Act['values'];

/** The arguments that the user has written. Throws a FailureError with one sentence about an invalid one. */
export function pairsOf(values: Values): Table {
	const { arguments: pairs } = values;
	if (!Array.isArray(pairs)) return [];
	try {
		return headerTable(pairs as [string, string][]);
	} catch (error) {
		throw fail(
			'bad-argument',
			toFailure(error).evidence?.replace('The header', 'The argument') ?? 'An argument is invalid.',
			{ field: 'arguments' },
		);
	}
}

function argumentOf({ key, type }: Field, values: Values): [string, TableValue][] {
	const value = values[key];
	if (value === undefined || value === '' || value === 'default') return [];
	if (type === 'number' && typeof value === 'number') return [[key, { type: 'l', value: BigInt(Math.floor(value)) }]];
	return [[key, textValue(String(value))]];
}

/** The arguments that have their own fields, and the others. */
function argumentsOf(fields: readonly Field[], values: Values): Table {
	const named = fields.filter(({ key }) => key.includes('-')).flatMap((field) => argumentOf(field, values));
	const table: Table = [...named, ...pairsOf(values)];
	const names = table.map(([name]) => name);
	const duplicate = names.find((name, at) => names.indexOf(name) !== at);
	if (duplicate !== undefined)
		throw fail('bad-argument', `The argument "${duplicate}" is set twice.`, { field: 'arguments' });
	return table;
}

/** The routing key that leads dead letters through the default exchange into a queue. */
function deadLettersIn({ deadLetters, deadQueue }: Values): Values {
	if (deadLetters !== 'queue') return {};
	const queue = queueIn(String(deadQueue ?? ''));
	if (queue === undefined) throw fail('bad-name', 'Enter the name of a queue.', { field: 'deadQueue' });
	return { 'x-dead-letter-exchange': undefined, 'x-dead-letter-routing-key': queue };
}

/** The default exchange has an empty name, which no field can hold. */
const deadLetterExchange = ({ deadLetters }: Values): Table =>
	deadLetters === 'queue' ? [['x-dead-letter-exchange', textValue('')]] : [];

/** RabbitMQ's names of properties, where the form's differ. */
const fieldNames: Record<string, string> = {
	auto_delete: 'autoDelete',
	'auto-delete': 'autoDelete',
	'x-queue-type': 'type',
};

/** Adds the field that a refused declaration is about, which RabbitMQ names in its reason. */
function atField(fields: readonly Field[], error: unknown): never {
	if (!(error instanceof FailureError)) throw error;
	const { failure } = error;
	const [, named = ''] =
		/(?:inequivalent arg|invalid arg|invalid property) '([^']*)'/.exec(failure.evidence ?? '') ?? [];
	const known = fieldNames[named] ?? named;
	const field = fields.find(({ key }) => key === known)?.key;
	throw field === undefined ? error : new FailureError({ ...failure, field });
}

function nameIn({ name }: Values): string {
	const text = typeof name === 'string' ? name : '';
	if (text === '') throw fail('bad-name', 'Enter a name.', { field: 'name' });
	if (tooLong(text)) throw fail('bad-name', 'A name must not exceed 255 bytes.', { field: 'name' });
	return text;
}

/** True if it exists; undefined if the server does not answer that. */
async function exists(connection: Connection, question: Call): Promise<boolean | undefined> {
	try {
		await callOnce(connection, question);
		return true;
	} catch (error) {
		if (error instanceof FailureError && error.failure.code === 'not-found') return false;
		if (!connection.live) throw error;
		return undefined;
	}
}

/** The server answers alike whether it has created something or found the same. */
function resultOf(what: string, name: string, before: boolean | undefined): ActResult {
	if (before) return { text: `The ${what} "${name}" already exists with these properties: nothing was changed.` };
	return {
		text: before === false ? `Declared the ${what} "${name}".` : `The ${what} "${name}" exists with these properties.`,
	};
}

export async function declareQueue(connection: Connection, { values }: Act): Promise<ActResult> {
	const name = nameIn(values);
	const { type = 'default' } = values;
	const table = argumentsOf(queueFields, { ...values, ...deadLettersIn(values) });
	const own: Table = type === 'default' ? [] : [['x-queue-type', textValue(String(type))]];
	const terms: Table = [...own, ...deadLetterExchange(values), ...table];
	const exclusive = values.exclusive === true;
	const options = { durable: values.durable !== false, exclusive, autoDelete: values.autoDelete === true };
	const before = await exists(connection, (on) => on.checkQueue(name));
	await callOnce(connection, queueDeclare(name, options, terms)).catch((error) => atField(queueFields, error));
	const result = resultOf('queue', name, before);
	return exclusive ? { ...result, text: `${result.text} It is deleted when this connection ends.` } : result;
}

/** Types that every AMQP 0-9-1 server has. An unknown one ends the connection that declares it. */
const standardTypes: readonly unknown[] = ['direct', 'fanout', 'topic', 'headers'];

export async function declareExchange(connection: Connection, isolation: Isolation, act: Act): Promise<ActResult> {
	const { values } = act;
	const name = nameIn(values);
	const type = String((values.type === 'other' ? values.otherType : values.type) ?? '').trim();
	if (type === '' || tooLong(type))
		throw fail('bad-type', 'Enter a type of at most 255 bytes.', { field: 'otherType' });
	const terms = argumentsOf(exchangeFields, values);
	const options = {
		durable: values.durable !== false,
		autoDelete: values.autoDelete === true,
		internal: values.internal === true,
	};
	const call = exchangeDeclare(name, type, options, terms);
	const before = await exists(connection, (on) => on.checkExchange(name));
	const declared = standardTypes.includes(type)
		? callOnce(connection, call)
		: isolation.always(act, (own) => callOnce(own, call));
	await declared.catch((error) => atField(exchangeFields, error));
	return resultOf('exchange', name, before);
}
