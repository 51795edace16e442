/** Class and method numbers (AMQP 0-9-1, section 1.2, and RabbitMQ's extensions), as `class << 16 | method`. */
export const method = {
	connectionStart: 0x0a000a,
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
	channelFlow: 0x140014,
	channelFlowOk: 0x140015,
	channelClose: 0x140028,
	channelCloseOk: 0x140029,
	exchangeDeclare: 0x28000a,
	exchangeDelete: 0x280014,
	exchangeBind: 0x28001e,
	exchangeUnbind: 0x280028,
	queueDeclare: 0x32000a,
	queueBind: 0x320014,
	queuePurge: 0x32001e,
	queueDelete: 0x320028,
	queueUnbind: 0x320032,
	consume: 0x3c0014,
	publish: 0x3c0028,
	return: 0x3c0032,
	deliver: 0x3c003c,
	get: 0x3c0046,
	getOk: 0x3c0047,
	getEmpty: 0x3c0048,
	ack: 0x3c0050,
	nack: 0x3c0078,
} as const;

/** Requests that end with a table of arguments. */
const withArguments = new Set<number>([
	method.exchangeDeclare,
	method.exchangeBind,
	method.exchangeUnbind,
	method.queueDeclare,
	method.queueBind,
	method.queueUnbind,
	method.consume,
]);
export const endsWithTable = (id: number): boolean => withArguments.has(id);

/** A method by its numbers, as evidence. */
export const methodName = (id: number): string => `class ${id >>> 16}, method ${id & 0xffff}`;
