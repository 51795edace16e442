import type { Options } from 'amqplib';
import { type Call, fixedSize } from './channel';
import type { Connection } from './connection';
import type { Table } from './table';

// The requests that have a table of arguments; the others are amqplib's own methods.

/** Returns the name of the queue, which the server chooses if `name` is empty. */
export const queueDeclare =
	(name: string, options: Options.AssertQueue, terms: Table): Call<{ queue: string }> =>
	(on, args) =>
		on.assertQueue(name, { ...options, arguments: args(terms, fixedSize([name], true)) });

export const exchangeDeclare =
	(name: string, type: string, options: Options.AssertExchange, terms: Table): Call =>
	(on, args) =>
		on.assertExchange(name, type, { ...options, arguments: args(terms, fixedSize([name, type], true)) });

/** A binding or its end: `destination` gets what `source` routes. */
type Binding = (destination: string, source: string, key: string, terms: Table) => Call;

export const queueBind: Binding = (queue, exchange, key, terms) => (on, args) =>
	on.bindQueue(queue, exchange, key, args(terms, fixedSize([queue, exchange, key], true)));
/** Also succeeds when there is no such binding. The method has no flags. */
export const queueUnbind: Binding = (queue, exchange, key, terms) => (on, args) =>
	on.unbindQueue(queue, exchange, key, args(terms, fixedSize([queue, exchange, key], false)));
/** RabbitMQ's bindings between exchanges. */
export const exchangeBind: Binding = (destination, source, key, terms) => (on, args) =>
	on.bindExchange(destination, source, key, args(terms, fixedSize([destination, source, key], true)));
export const exchangeUnbind: Binding = (destination, source, key, terms) => (on, args) =>
	on.unbindExchange(destination, source, key, args(terms, fixedSize([destination, source, key], true)));

/** Sends one request on its own channel. Throws the refusal. */
export async function callOnce<Answer>(connection: Connection, call: Call<Answer>): Promise<Answer> {
	const channel = await connection.open();
	try {
		return await channel.call(call);
	} finally {
		void channel.close();
	}
}
