import { shownUrl } from '../../../model/profile/shown-url';
import { asWritten, metadata } from '../../shared/commands/options';
import type { Sketch, SketchHeader } from '../../shared/commands/sketch';
import { checkName, checkSubject } from '../describe/subjects';
import { bodyOf, type Command, seconds } from './options';

/** The subject under which a bucket stores a key (ADR-8). */
export const keySubject = (bucket: string, key: string) => `$KV.${bucket}.${key}`;

/** Bucket and key of a subject; undefined for any other subject. */
export function keyOf(subject: string): { bucket: string; key: string } | undefined {
	const [, bucket = '', key = ''] = /^\$KV\.([^.]+)\.(.+)$/s.exec(subject) ?? [];
	return checkName(bucket, 'bucket') || checkSubject(key) ? undefined : { bucket, key };
}

/** What `nats stream` reads: the messages of a stream, or one of them. `now`: milliseconds since the epoch. */
export function readStream({ rest, set: options, sketch }: Command, now = Date.now()): Sketch[] {
	const [command = '', stream, number] = rest;
	if (!['view', 'get'].includes(command))
		throw new Error(
			`"nats stream ${shownUrl(command)}" cannot be pasted here. Use nats stream view or nats stream get.`,
		);
	if (stream === undefined) throw new Error('The name of the stream is missing.');
	sketch.verb = 'SUBSCRIBE';
	sketch.target = stream;
	const set = (...pairs: SketchHeader[]) => sketch.headers.push(...pairs);
	set(['Mode', 'stream']);
	for (const [name, value = ''] of options)
		if (name === '--id' && isSequence(value)) set(['From', 'sequence'], ['Sequence', value]);
		else if (name === '--since' && seconds(value) !== undefined) set(...since(value, now));
		else if (name === '--subject') set(['Filter', value]);
		else if (name === '-S') set(['From', 'last'], ['Filter', value]);
		else if (name !== '--timeout') sketch.dropped.push(asWritten([name, value]));
	if (command === 'get' && number !== undefined && isSequence(number)) set(['From', 'sequence'], ['Sequence', number]);
	if (!sketch.headers.some(([name]) => name === 'From')) set(['From', 'first']);
	set(
		['Count', command === 'get' ? '1' : /^[1-9]\d{0,4}$/.test(number ?? '') ? (number as string) : '10'],
		['Follow', 'false'],
	);
	return [sketch];
}

/** What `nats sub --stream` reads, which creates a consumer for it; the request does not. */
export function readSubscribed({ rest, set: options, sketch }: Command, now = Date.now()): Sketch {
	const [subject, ...others] = rest;
	const set = (...pairs: SketchHeader[]) => sketch.headers.push(...pairs);
	set(['Mode', 'stream']);
	sketch.dropped.push(...others);
	for (const [name, value = ''] of options)
		if (name === '--stream') sketch.target = value;
		else if (name === '--all') set(['From', 'first']);
		else if (name === '--new') set(['From', 'new']);
		else if (name === '--last-per-subject') set(['From', 'last']);
		else if (name === '--last') set(['From', 'newest'], ['Count', '1']);
		else if (name === '--start-sequence' && isSequence(value)) set(['From', 'sequence'], ['Sequence', value]);
		else if (name === '--since' && seconds(value) !== undefined) set(...since(value, now));
		else if (name === '-T') set(['Follow', 'false']);
		else if (name === '--count') metadata(sketch, 'maxMessages', name, value);
		else if (name === '--wait') metadata(sketch, 'timeout', name, value);
		else if (name !== '--timeout') sketch.dropped.push(asWritten([name, value]));
	if (!sketch.headers.some(([name]) => name === 'From')) set(['From', 'first']);
	if (subject !== undefined) set(['Filter', subject]);
	return sketch;
}

const since = (duration: string, now: number): SketchHeader[] => [
	['From', 'time'],
	['Time', new Date(now - (seconds(duration) as number) * 1000).toISOString()],
];

const isSequence = (text: string) => /^\d{1,20}$/.test(text);

/** Header and value by which a bucket marks a key as deleted or purged (ADR-8). */
const markers: Record<string, SketchHeader[]> = {
	...{ del: [['KV-Operation', 'DEL', 'message']], rm: [['KV-Operation', 'DEL', 'message']] },
	purge: [
		['KV-Operation', 'PURGE', 'message'],
		['Nats-Rollup', 'sub', 'message'],
	],
};

/** What `nats kv` stores is a message to the stream of the bucket; what it reads are the messages of that stream. */
export function readKeyValue(given: Command): Sketch[] {
	const { rest, set, sketch } = given;
	const [command = '', bucket, key, ...more] = rest;
	const stores = ['put', 'create', 'update'].includes(command);
	const marker = Object.hasOwn(markers, command) ? markers[command] : undefined;
	if (!stores && !marker && !['get', 'watch', 'history'].includes(command))
		throw new Error(
			`"nats kv ${shownUrl(command)}" cannot be pasted here. Use nats kv get, put, create, update, del, purge, history or watch.`,
		);
	if (bucket === undefined) throw new Error('The name of the bucket is missing.');
	if (key === undefined && command !== 'watch') throw new Error('The key is missing.');
	const drop = (option: readonly string[]) => sketch.dropped.push(asWritten([...option]));
	if (!stores && !marker) {
		sketch.verb = 'SUBSCRIBE';
		sketch.target = bucket;
		sketch.headers.push(['Mode', 'kv']);
		if (key !== undefined && key !== '>') sketch.headers.push(['Key', key]);
		const history = command === 'history' || set.some(([name]) => name === '--history');
		const updates = set.some(([name]) => name === '--updates');
		if (history || updates) sketch.headers.push(['History', history ? 'all' : 'new']);
		if (command === 'get') sketch.headers.push(['Count', '1']);
		if (command !== 'watch') sketch.headers.push(['Follow', 'false']);
		for (const option of set) if (!['--history', '--updates', '--timeout'].includes(option[0])) drop(option);
		return [sketch];
	}
	sketch.target = keySubject(bucket, key ?? '');
	sketch.headers.push(['Verb', 'stream']);
	if (command === 'create') sketch.headers.push(['Expected-Subject-Sequence', '0']);
	if (command === 'update') {
		const revision = more.pop() ?? '';
		if (!isSequence(revision)) throw new Error('The revision is missing. It follows the value.');
		sketch.headers.push(['Expected-Subject-Sequence', revision]);
	}
	sketch.headers.push(...(marker ?? []));
	for (const option of set) if (option[0] !== '--timeout') drop(option);
	sketch.messages = marker ? [] : bodyOf(given, more.slice(0, 1), false);
	return [sketch];
}
