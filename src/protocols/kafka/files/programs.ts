import { type Code, program, python, script } from '../../shared/commands/code';
import { comments, fileImport, messagesOf, pythonBytes, scriptBytes } from '../../shared/commands/literals';
import type { Message, Sketch } from '../../shared/commands/sketch';
import type { Start } from '../describe/positions';
import { copiedLogin, secured } from './client-properties';
import {
	addressOf,
	type ReadOptions,
	type RecordOptions,
	readOptionsOf,
	receives,
	recordOptions,
	shownPosition,
} from './record';

/** Seconds without a record after which a program that reads ends. */
const idle = 10;

/** With confluent-kafka 1.7 or later. */
export function pythonKafka(sketch: Sketch): string {
	const config = [python`"bootstrap.servers": ${addressOf(sketch).address}`];
	for (const [name, value] of secured(sketch)) config.push(python`${name}: ${value}`);
	// A token and when it expires, in seconds since the epoch.
	if (copiedLogin(sketch)?.mechanism === 'OAUTHBEARER') config.push(python`"oauth_cb": lambda _: ("TOKEN", 2**31)`);
	return receives(sketch) ? pythonReading(sketch, config) : pythonProducing(sketch, config);
}

function pythonProducing(sketch: Sketch, config: Code[]): string {
	const record = recordOptions(sketch);
	const { key, tombstone, partition, timestamp, acks, compression, headers, left } = record;
	if (acks !== undefined) config.push(python`"acks": ${acks}`);
	if (compression !== undefined) config.push(python`"compression.type": ${compression}`);
	const more = [python`on_delivery=report`];
	if (key) more.push(python`key=${key}`);
	if (headers.length > 0)
		more.push(python`headers=[${headers.map(([name, value]) => python`(${name}, ${value ?? null})`)}]`);
	if (partition !== undefined) more.push(python`partition=${partition}`);
	if (timestamp !== undefined) more.push(python`timestamp=${timestamp}`);
	const value = (one: Message) => (tombstone ? python`None` : pythonBytes(one));
	return program([
		python`from confluent_kafka import Producer`,
		python``,
		...comments('#', left),
		python``,
		python`def report(error, message):`,
		python`    print(error or (message.topic(), message.partition(), message.offset()))`,
		python``,
		python``,
		python`producer = Producer({${config}})`,
		...messagesOf(sketch).map((one) => python`producer.produce(${sketch.target}, value=${value(one)}, ${more})`),
		python`producer.flush(${idle})`,
	]);
}

function pythonReading(sketch: Sketch, config: Code[]): string {
	const { from, partition, group, isolation, left } = reading(sketch);
	if (isolation !== undefined) config.push(python`"isolation.level": ${isolation}`);
	const joins = group !== undefined;
	config.push(
		python`"group.id": ${group ?? 'unused'}`,
		...(joins ? [] : [python`"enable.auto.commit": ${false}`]),
		...(joins && from?.kind === 'earliest' ? [python`"auto.offset.reset": "earliest"`] : []),
	);
	const names = joins ? [] : [python`, TopicPartition`];
	if (!joins && from?.kind === 'earliest') names.push(python`, OFFSET_BEGINNING`);
	if (!joins && (from === undefined || from.kind === 'latest')) names.push(python`, OFFSET_END`);
	const lines = [
		python`from confluent_kafka import Consumer${names.reduce((all, one) => python`${all}${one}`, python``)}`,
		python``,
		...comments('#', left),
		python`consumer = Consumer({${config}})`,
	];
	if (joins)
		lines.push(
			python`# Joins the group: other members get fewer partitions, and offsets are committed.`,
			python`consumer.subscribe([${sketch.target}])`,
		);
	else
		lines.push(
			python`# Assigned partitions are read without joining a group, and nothing is committed.`,
			partition === undefined
				? python`numbers = consumer.list_topics(${sketch.target}, 10).topics[${sketch.target}].partitions`
				: python`numbers = [${python`${partition}`}]`,
			...pythonPlaces(sketch.target, from),
			python`consumer.assign(places)`,
		);
	return program([
		...lines,
		python`for message in iter(lambda: consumer.poll(${idle}), None):`,
		python`    print(message.error() or (message.partition(), message.offset(), message.key(), message.headers(), message.value()))`,
		python`consumer.close()`,
	]);
}

function pythonPlaces(topic: string, from: Start | undefined): Code[] {
	const each = (offset: Code) => python`places = [TopicPartition(${topic}, number, ${offset}) for number in numbers]`;
	if (from?.kind === 'offset') return [each(python`${from.offset}`)];
	if (from?.kind === 'time')
		return [each(python`${from.time}`), python`places = consumer.offsets_for_times(places, 10)`];
	if (from?.kind !== 'newest') return [each(from?.kind === 'earliest' ? python`OFFSET_BEGINNING` : python`OFFSET_END`)];
	return [
		each(python`0`),
		python`for place in places:`,
		python`    low, high = consumer.get_watermark_offsets(place, 10)`,
		python`    place.offset = max(low, high - ${from.count})`,
	];
}

/** The options of reading, where the limits of a request are left out. */
function reading(sketch: Sketch): ReadOptions {
	const options = readOptionsOf(sketch);
	if (options.until) options.left.push([`Until ${shownPosition(options.until)}`, 'since the program reads on']);
	return options;
}

const clientOf = (sketch: Sketch): Code => {
	const { address, tls } = addressOf(sketch);
	const login = copiedLogin(sketch);
	const config = [script`brokers: [${script`${address}`}]`];
	if (tls) config.push(script`ssl: true`);
	if (login && 'username' in login) {
		const { mechanism, username } = login;
		config.push(script`sasl: { mechanism: ${mechanism.toLowerCase()}, username: ${username}, password: 'PASSWORD' }`);
	} else if (login)
		config.push(script`sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: 'TOKEN' }) }`);
	return script`const kafka = new kafkajs.Kafka({ ${config} });`;
};

/** With kafkajs 2, as an ES module. */
export const scriptKafka = (sketch: Sketch): string =>
	receives(sketch) ? scriptReading(sketch) : scriptProducing(sketch);

function scriptProducing(sketch: Sketch): string {
	const { key, tombstone, partition, timestamp, acks, compression, headers, left } = recordOptions(sketch);
	if (compression !== undefined && !['none', 'gzip'].includes(compression))
		left.push([`Compression ${compression}`, 'which kafkajs needs another package for']);
	const parts = (one: Message) => [
		...(key ? [script`key: ${key}`] : []),
		script`value: ${tombstone ? null : scriptBytes(one)}`,
		...(headers.length > 0 ? [script`headers: { ${scriptHeaders(headers)} }`] : []),
		...(partition === undefined ? [] : [script`partition: ${partition}`]),
		...(timestamp === undefined ? [] : [script`timestamp: ${String(timestamp)}`]),
	];
	const more = [
		...(acks === undefined ? [] : [script`acks: ${acks === 'all' ? -1 : Number(acks)}`]),
		...(compression === 'gzip' ? [script`compression: kafkajs.CompressionTypes.GZIP`] : []),
		script`messages: [${messagesOf(sketch).map((one) => script`{ ${parts(one)} }`)}]`,
	];
	return program([
		...(tombstone ? [] : fileImport(sketch)),
		script`import kafkajs from 'kafkajs';`,
		script``,
		...comments('//', left),
		clientOf(sketch),
		script`const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });`,
		script`await producer.connect();`,
		script`console.log(await producer.send({ topic: ${sketch.target}, ${more} }));`,
		script`await producer.disconnect();`,
	]);
}

/** An object contains a name once: headers with the same name become a list. */
function scriptHeaders(headers: RecordOptions['headers']): Code[] {
	const names = [...new Set(headers.map(([name]) => name))];
	return names.map((name) => {
		const values = headers.filter(([one]) => one === name).map(([, value]) => script`${value ?? null}`);
		return script`[${name}]: ${values.length === 1 ? values : script`[${values}]`}`;
	});
}

function scriptReading(sketch: Sketch): string {
	const { from, partition, group, left } = reading(sketch);
	const joins = group !== undefined;
	const fromStart = from?.kind === 'earliest';
	const seeks = !joins && from !== undefined && !['earliest', 'latest'].includes(from.kind);
	if (partition !== undefined) left.push([`Partition ${partition}`, 'since kafkajs reads all partitions']);
	return program([
		...(joins ? [] : [script`import { randomUUID } from 'node:crypto';`]),
		script`import kafkajs from 'kafkajs';`,
		script``,
		...comments('//', left),
		clientOf(sketch),
		...(joins
			? [script`// Joins the group: other members get fewer partitions, and offsets are committed.`]
			: [script`// kafkajs reads as a member of a group: here a new one, which commits nothing.`]),
		script`const consumer = kafka.consumer({ groupId: ${joins ? group : script`randomUUID()`} });`,
		script`await consumer.connect();`,
		script`await consumer.subscribe({ topic: ${sketch.target}, fromBeginning: ${fromStart} });`,
		script`await consumer.run({`,
		script`  autoCommit: ${joins},`,
		script`  eachMessage: async ({ partition, message }) =>`,
		script`    console.log(partition, message.offset, message.key?.toString(), message.headers, message.value?.toString()),`,
		script`});`,
		...(seeks ? scriptPlaces(sketch.target, from) : []),
	]);
}

function scriptPlaces(topic: string, from: Start | undefined): Code[] {
	const time = from?.kind === 'time';
	const offset =
		from?.kind === 'offset'
			? script`${String(from.offset)}`
			: from?.kind === 'newest'
				? script`String(Math.max(place.low, place.high - ${from.count}))`
				: script`place.offset`;
	return [
		script`const admin = kafka.admin();`,
		script`await admin.connect();`,
		time
			? script`const places = await admin.fetchTopicOffsetsByTimestamp(${topic}, ${from.time});`
			: script`const places = await admin.fetchTopicOffsets(${topic});`,
		script`for (const place of places) consumer.seek({ topic: ${topic}, partition: place.partition, offset: ${offset} });`,
		script`await admin.disconnect();`,
	];
}
