import { Writer } from './bytes';
import { type Table, writeTable } from './table';

/** Class and method numbers (AMQP 0-9-1, section 1.2 and RabbitMQ's extensions), as `class << 16 | method`. */
export const method = {
	connectionStart: 0x0a000a,
	connectionStartOk: 0x0a000b,
	connectionSecure: 0x0a0014,
	connectionTune: 0x0a001e,
	connectionTuneOk: 0x0a001f,
	connectionOpen: 0x0a0028,
	connectionOpenOk: 0x0a0029,
	connectionClose: 0x0a0032,
	connectionCloseOk: 0x0a0033,
	connectionBlocked: 0x0a003c,
	connectionUnblocked: 0x0a003d,
	channelOpen: 0x14000a,
	channelOpenOk: 0x14000b,
	channelFlow: 0x140014,
	channelFlowOk: 0x140015,
	channelClose: 0x140028,
	channelCloseOk: 0x140029,
	exchangeDeclare: 0x28000a,
	exchangeDeclareOk: 0x28000b,
	exchangeDelete: 0x280014,
	exchangeDeleteOk: 0x280015,
	exchangeBind: 0x28001e,
	exchangeBindOk: 0x28001f,
	exchangeUnbind: 0x280028,
	exchangeUnbindOk: 0x280033,
	queueDeclare: 0x32000a,
	queueDeclareOk: 0x32000b,
	queueBind: 0x320014,
	queueBindOk: 0x320015,
	queuePurge: 0x32001e,
	queuePurgeOk: 0x32001f,
	queueDelete: 0x320028,
	queueDeleteOk: 0x320029,
	queueUnbind: 0x320032,
	queueUnbindOk: 0x320033,
	qos: 0x3c000a,
	qosOk: 0x3c000b,
	consume: 0x3c0014,
	consumeOk: 0x3c0015,
	cancel: 0x3c001e,
	cancelOk: 0x3c001f,
	publish: 0x3c0028,
	return: 0x3c0032,
	deliver: 0x3c003c,
	get: 0x3c0046,
	getOk: 0x3c0047,
	getEmpty: 0x3c0048,
	ack: 0x3c0050,
	nack: 0x3c0078,
	confirmSelect: 0x55000a,
	confirmSelectOk: 0x55000b,
} as const;

const of = (id: number) => new Writer().uint32(id);
const bits = (...flags: boolean[]) => flags.reduce((all, flag, at) => all | (flag ? 1 << at : 0), 0);

/** A request on a channel, and the method that answers it. */
export interface Call {
	bytes: Uint8Array;
	answer: number;
}

const call = (writer: Writer, answer: number): Call => ({ bytes: writer.done(), answer });

function withTable(writer: Writer, table: Table): Writer {
	writeTable(writer, table);
	return writer;
}

export const channelOpen = (): Call => call(of(method.channelOpen).short(''), method.channelOpenOk);
export const channelClose = (): Call =>
	call(of(method.channelClose).uint16(200).short('').uint16(0).uint16(0), method.channelCloseOk);
export const confirmSelect = (): Call => call(of(method.confirmSelect).uint8(0), method.confirmSelectOk);

/** Asks whether there is one; changes nothing. */
export const exchangeExists = (name: string): Call =>
	call(
		withTable(of(method.exchangeDeclare).uint16(0).short(name).short('direct').uint8(1), []),
		method.exchangeDeclareOk,
	);
export interface ExchangeTerms {
	type: string;
	durable: boolean;
	autoDelete: boolean;
	internal: boolean;
	terms: Table;
}
export const exchangeDeclare = (name: string, { type, durable, autoDelete, internal, terms }: ExchangeTerms): Call =>
	call(
		withTable(
			of(method.exchangeDeclare)
				.uint16(0)
				.short(name)
				.short(type)
				.uint8(bits(false, durable, autoDelete, internal)),
			terms,
		),
		method.exchangeDeclareOk,
	);
export const exchangeDelete = (name: string): Call =>
	call(of(method.exchangeDelete).uint16(0).short(name).uint8(0), method.exchangeDeleteOk);

/** Asks whether there is one, and for its counts; changes nothing. */
export const queueExists = (name: string): Call =>
	call(withTable(of(method.queueDeclare).uint16(0).short(name).uint8(1), []), method.queueDeclareOk);
export interface QueueTerms {
	durable: boolean;
	exclusive: boolean;
	autoDelete: boolean;
	terms: Table;
}
export const queueDeclare = (name: string, { durable, exclusive, autoDelete, terms }: QueueTerms): Call =>
	call(
		withTable(
			of(method.queueDeclare)
				.uint16(0)
				.short(name)
				.uint8(bits(false, durable, exclusive, autoDelete)),
			terms,
		),
		method.queueDeclareOk,
	);
/** For this connection only, and gone with its consumer. An empty name: the server chooses one. */
export const queueOfOurOwn = (name: string, terms: Table): Call =>
	queueDeclare(name, { durable: false, exclusive: true, autoDelete: true, terms });
export const queueBind = (queue: string, exchange: string, key: string, terms: Table): Call =>
	call(
		withTable(of(method.queueBind).uint16(0).short(queue).short(exchange).short(key).uint8(0), terms),
		method.queueBindOk,
	);
/** Also well when there is no such binding: the server does not tell. It has no bit for "no answer". */
export const queueUnbind = (queue: string, exchange: string, key: string, terms: Table): Call =>
	call(
		withTable(of(method.queueUnbind).uint16(0).short(queue).short(exchange).short(key), terms),
		method.queueUnbindOk,
	);
/** RabbitMQ's exchange to exchange bindings: `destination` gets what `source` routes. */
export const exchangeBind = (destination: string, source: string, key: string, terms: Table): Call =>
	call(
		withTable(of(method.exchangeBind).uint16(0).short(destination).short(source).short(key).uint8(0), terms),
		method.exchangeBindOk,
	);
export const exchangeUnbind = (destination: string, source: string, key: string, terms: Table): Call =>
	call(
		withTable(of(method.exchangeUnbind).uint16(0).short(destination).short(source).short(key).uint8(0), terms),
		method.exchangeUnbindOk,
	);
export const queuePurge = (name: string): Call =>
	call(of(method.queuePurge).uint16(0).short(name).uint8(0), method.queuePurgeOk);
export const queueDelete = (name: string): Call =>
	call(of(method.queueDelete).uint16(0).short(name).uint8(0), method.queueDeleteOk);

export const qos = (prefetch: number): Call => call(of(method.qos).uint32(0).uint16(prefetch).uint8(0), method.qosOk);
export const consume = (queue: string, noAck: boolean, terms: Table = []): Call =>
	call(
		withTable(of(method.consume).uint16(0).short(queue).short('').uint8(bits(false, noAck)), terms),
		method.consumeOk,
	);
export const cancel = (tag: string): Call => call(of(method.cancel).short(tag).uint8(0), method.cancelOk);
/** Also answered by `getEmpty`. */
export const get = (queue: string): Call => call(of(method.get).uint16(0).short(queue).uint8(0), method.getOk);

export const publish = (exchange: string, key: string, mandatory: boolean): Uint8Array =>
	of(method.publish).uint16(0).short(exchange).short(key).uint8(bits(mandatory)).done();
export const ack = (tag: number, multiple: boolean): Uint8Array =>
	of(method.ack).uint64(tag).uint8(bits(multiple)).done();
/** The server puts them back where they were, marked as redelivered. */
export const requeue = (tag: number, multiple: boolean): Uint8Array =>
	of(method.nack).uint64(tag).uint8(bits(multiple, true)).done();
