import { FailureError, fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Field } from '../../../model/profile/field';
import type { Act } from '../../adapter';
import { exchangeFields, queueFields } from '../describe/declare-form';
import { headerTable } from '../describe/header-values';
import { callOnce } from '../wire/call-once';
import { exchangeDeclare, queueDeclare } from '../wire/calls';
import type { Call } from '../wire/channel';
import type { Connection } from '../wire/connection';
import { type Table, type TableValue, textValue } from '../wire/table';
import type { Risky } from './isolated-connection';

type Values = Act['values'];

/** Throws one sentence about what the user has written. */
export function pairsOf(values: Values): Table {
	const { arguments: pairs } = values;
	if (!Array.isArray(pairs)) return [];
	try {
		return headerTable(pairs as [string, string][]);
	} catch (error) {
		throw fail(
			'bad-argument',
			toFailure(error).evidence?.replace('The header', 'The argument') ?? 'An argument is wrong.',
		);
	}
}

function ofField({ key, type }: Field, values: Values): [string, TableValue][] {
	const value = values[key];
	if (value === undefined || value === '' || value === 'default') return [];
	if (type === 'number' && typeof value === 'number') return [[key, { type: 'l', value: BigInt(Math.floor(value)) }]];
	return [[key, textValue(String(value))]];
}

/** The arguments that have fields of their own, and the others. */
function argumentsOf(fields: readonly Field[], values: Values): Table {
	const named = fields.filter(({ key }) => key.includes('-')).flatMap((field) => ofField(field, values));
	const table: Table = [...named, ...pairsOf(values)];
	const names = table.map(([name]) => name);
	const twice = names.find((name, at) => names.indexOf(name) !== at);
	if (twice !== undefined) throw fail('bad-argument', `The argument "${twice}" is given twice.`);
	return table;
}

function nameIn({ name }: Values): string {
	const text = typeof name === 'string' ? name : '';
	if (text === '') throw fail('bad-name', 'A name is needed.');
	if (new TextEncoder().encode(text).length > 255) throw fail('bad-name', 'A name has at most 255 bytes.');
	return text;
}

/** Whether there is one; undefined where that is not told. */
async function isThere(connection: Connection, question: Call): Promise<boolean | undefined> {
	try {
		await callOnce(connection, question);
		return true;
	} catch (error) {
		if (error instanceof FailureError && error.failure.code === 'not-found') return false;
		if (!connection.live) throw error;
		return undefined;
	}
}

/** The server answers alike whether it made something or found the same. */
function told(what: string, name: string, before: boolean | undefined): ActResult {
	if (before) return { text: `The ${what} "${name}" was there already, just as asked for: nothing was changed.` };
	return {
		text: before === false ? `Declared the ${what} "${name}".` : `There is the ${what} "${name}" now, as asked for.`,
	};
}

export async function declareQueue(connection: Connection, { values }: Act): Promise<ActResult> {
	const name = nameIn(values);
	const { type = 'default' } = values;
	const table = argumentsOf(queueFields, values);
	const terms: Table = type === 'default' ? table : [['x-queue-type', textValue(String(type))], ...table];
	const exclusive = values.exclusive === true;
	const call = queueDeclare(name, {
		...{ durable: values.durable !== false, exclusive, autoDelete: values.autoDelete === true, terms },
	});
	const before = await isThere(connection, (on) => on.checkQueue(name));
	await callOnce(connection, call);
	const result = told('queue', name, before);
	return exclusive ? { ...result, text: `${result.text} It is gone when this connection ends.` } : result;
}

/** Types that every AMQP 0-9-1 server has. An unknown one ends the connection that asks for it. */
const known: readonly unknown[] = ['direct', 'fanout', 'topic', 'headers'];

export async function declareExchange(connection: Connection, risky: Risky, act: Act): Promise<ActResult> {
	const { values } = act;
	const name = nameIn(values);
	const type = String((values.type === 'other' ? values.otherType : values.type) ?? '').trim();
	if (type === '' || new TextEncoder().encode(type).length > 255)
		throw fail('bad-type', 'The type needs a name of at most 255 bytes.');
	const terms = argumentsOf(exchangeFields, values);
	const call = exchangeDeclare(name, {
		...{ type, terms, durable: values.durable !== false },
		...{ autoDelete: values.autoDelete === true, internal: values.internal === true },
	});
	const before = await isThere(connection, (on) => on.checkExchange(name));
	if (known.includes(type)) await callOnce(connection, call);
	else await risky.apart(act, (own) => callOnce(own, call));
	return told('exchange', name, before);
}
