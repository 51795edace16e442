import { toText } from '../../../model/contracts/payload';
import { asWritten, metadata, options, readOptions, start } from '../../shared/commands/options';
import { commandLine, scriptOf } from '../../shared/commands/shell';
import { type Message, type Sketch, type SketchHeader, takeUrl } from '../../shared/commands/sketch';
import type { Start } from '../describe/positions';
import { readProperty, secured, tokenLeft, withoutSecret } from './client-properties';
import {
	addressOf,
	joining,
	keyHeaders,
	ownHeader,
	type RecordOptions,
	readOptionsOf,
	recordOptions,
	shownPosition,
	urlOf,
} from './record';
import { freeDelimiter, indexOfBytes, type LineRecord, sketchesOf, splitBytes } from './record-lines';

/** The options of kcat 1.7, whose older name is kafkacat. */
const kcat = options(
	'-t, -p, -b, -z, -o, -f, -s, -r, -D, -K, -k, -H, -c, -m, -d, -F, -X, -G, -M',
	'-P, -C, -L, -Q, -e, -E, -J, -O, -q, -v, -T, -u, -Z, -l',
);
/** Options of the output or of the tool itself, which a request does not need. */
const withoutEffect = ['-P', '-C', '-f', '-J', '-O', '-q', '-v', '-T', '-u', '-E', '-m', '-d', '-D', '-K', '-Z', '-l'];

const encoder = new TextEncoder();

/** Decodes `\n`, `\t` and `\x` with hexadecimal digits in a delimiter. */
function delimiterOf(text: string): Uint8Array {
	const bytes: number[] = [];
	for (const [all, hex] of text.matchAll(/\\n|\\t|\\x([\da-f]+)|[^\\]+|\\/gi)) {
		if (hex !== undefined) bytes.push(Number.parseInt(hex.slice(-2), 16));
		else if (all === '\\n') bytes.push(0x0a);
		else if (all === '\\t') bytes.push(0x09);
		else bytes.push(...encoder.encode(all));
	}
	return Uint8Array.from(bytes);
}

const writtenDelimiter = (bytes: readonly number[]) =>
	bytes.map((one) => (one === 0x09 ? '\\t' : `\\x${one.toString(16).padStart(2, '0')}`)).join('');

/** Reads `kcat -P`, `kcat -C` and `kcat -G`. `input` is its standard input. */
export function readKcat(words: string[], input?: Message): Sketch[] {
	const { set, rest, unknown } = readOptions(words.slice(1), kcat);
	const has = (name: string) => set.some(([one]) => one === name);
	const last = (name: string) => set.findLast(([one]) => one === name)?.[1];
	const other = ['-L', '-Q', '-M'].find(has);
	if (other) throw new Error(`"kcat ${other}" cannot be pasted here. Use kcat -P, kcat -C or kcat -G.`);
	const group = last('-G');
	// Without a mode, kcat produces unless its input is a terminal.
	const produces = has('-P') || (!has('-C') && group === undefined && (input !== undefined || rest.length > 0));
	const sketch = start(produces ? 'PRODUCE' : 'CONSUME');
	sketch.dropped.push(...unknown);
	const headers: SketchHeader[] = [];
	let servers = last('-b') ?? '';
	let tls = false;
	for (const [name, value = ''] of set) {
		if (name === '-p') {
			if (value !== '-1') sketch.headers.push([produces ? 'Partition' : 'Partitions', value]);
		} else if (name === '-z') sketch.headers.push(['Compression', value]);
		else if (name === '-H' && produces) headers.push(headerOf(value));
		else if (name === '-X') {
			const property = readProperty(value);
			if (property.kind === 'servers') servers ||= property.value;
			else if (property.kind === 'tls') tls = property.tls;
			else if (property.kind === 'username') sketch.username = property.value;
			else if (property.kind === 'password') sketch.password = property.value;
			else if (property.kind === 'header' && property.produces !== !produces) sketch.headers.push(property.header);
			else if (property.kind !== 'usual') sketch.dropped.push(asWritten(['-X', withoutSecret(value)]));
		} else if (name === '-c' && !produces) metadata(sketch, 'maxMessages', name, value);
		else if (name === '-e' && !produces) sketch.headers.push(['Until', 'end']);
		else if (!withoutEffect.includes(name) && !['-b', '-t', '-G', '-k', '-o', '-X'].includes(name))
			sketch.dropped.push(asWritten([name, value]));
	}
	const { url, others } = urlOf(servers, tls);
	for (const one of others) sketch.dropped.push(asWritten(['-b', one]));
	takeUrl(sketch, url);
	const topics = group === undefined ? [last('-t') ?? ''] : rest;
	if ((topics[0] ?? '') === '')
		throw new Error(
			`The topic is missing. ${group === undefined ? 'It is the value of -t.' : 'It follows the options.'}`,
		);
	if (!produces) {
		if (group === undefined) sketch.dropped.push(...rest);
		const starts = set.flatMap(([name, value = '']) => (name === '-o' ? positions(value, sketch) : []));
		if (group !== undefined) return topics.map((target) => ({ ...joining(sketch, group, starts), target }));
		// kcat reads from the beginning.
		if (!starts.some(([name]) => name === 'From')) starts.unshift(['From', 'earliest']);
		sketch.headers.push(...starts);
		return topics.map((target) => ({ ...sketch, target }));
	}
	sketch.target = topics[0] as string;
	sketch.headers.push(...headers);
	return producing(sketch, rest, input, {
		delimiter: delimiterOf(last('-D') ?? '\\n'),
		separator: last('-K') === undefined ? undefined : delimiterOf(last('-K') ?? ''),
		key: last('-k'),
		nulls: has('-Z'),
		lines: has('-l'),
		limit: /^\d{1,9}$/.test(last('-c') ?? '') ? Number(last('-c')) : undefined,
	});
}

interface Input {
	delimiter: Uint8Array;
	separator?: Uint8Array;
	key?: string;
	/** Empty values and keys are null. */
	nulls: boolean;
	lines: boolean;
	limit?: number;
}

function producing(sketch: Sketch, files: string[], input: Message | undefined, how: Input): Sketch[] {
	const key = how.key === undefined ? undefined : encoder.encode(how.key);
	const keyed = { ...sketch, headers: [...(key ? keyHeaders(key) : []), ...sketch.headers] };
	const byFile = files.length > 0 && !how.lines;
	if (byFile) return [{ ...keyed, messages: files.map((file) => ({ file })) }];
	const source = how.lines ? (files[0] ?? '') : input && 'file' in input ? input.file : undefined;
	if (source !== undefined || !input || 'file' in input) {
		const dropped = source === undefined ? [] : [`the records in the lines of ${asWritten([source])}`];
		return [{ ...keyed, dropped: [...sketch.dropped, ...dropped] }];
	}
	const records = splitBytes(input.bytes, how.delimiter).map((line): LineRecord => {
		const at = how.separator ? indexOfBytes(line, how.separator) : -1;
		if (at === -1 || !how.separator) return { key, value: line };
		const [before, after] = [line.subarray(0, at), line.subarray(at + how.separator.length)];
		return {
			key: how.nulls && before.length === 0 ? key : before,
			value: how.nulls && after.length === 0 ? undefined : after,
		};
	});
	return sketchesOf(sketch, how.limit === undefined ? records : records.slice(0, how.limit));
}

/** `name=value`, or a name without a value. */
function headerOf(text: string): SketchHeader {
	const [, name = '', , value] = /^([^=]*)(=([\s\S]*))?$/.exec(text) ?? [];
	return ownHeader(name, value);
}

/** `-o`: an offset, so many before the end, or a time to start at or to stop at. */
function positions(text: string, sketch: Sketch): SketchHeader[] {
	const [, which, ms] = /^([se])@(\d{1,15})$/.exec(text) ?? [];
	if (ms !== undefined && Number(ms) <= 8.64e15)
		return [[which === 's' ? 'From' : 'Until', new Date(Number(ms)).toISOString()]];
	if (text === 'beginning') return [['From', 'earliest']];
	if (text === 'end') return [['From', 'latest']];
	if (/^-?\d{1,19}$/.test(text)) return [['From', text]];
	// "stored" is the committed offset, which a group reads from anyway.
	if (text !== 'stored') sketch.dropped.push(asWritten(['-o', text]));
	return [];
}

function connection(sketch: Sketch): string[] {
	return [
		...['-b', addressOf(sketch).address],
		...secured(sketch).flatMap(([name, value]) => ['-X', `${name}=${value}`]),
	];
}

/** One command for each record. Undefined for a record that kcat cannot send. */
export function writeKcatProduce(sketch: Sketch): string | undefined {
	const record = recordOptions(sketch);
	const { partition, acks, compression, left } = record;
	left.push(...tokenLeft(sketch));
	const words = ['kcat', '-P', ...connection(sketch), '-t', sketch.target];
	if (partition !== undefined) words.push('-p', String(partition));
	if (compression !== undefined) words.push('-z', compression);
	if (acks !== undefined) words.push('-X', `acks=${acks}`);
	if (record.timestamp !== undefined) left.push([`Timestamp ${record.timestamp}`, 'which kcat cannot set']);
	for (const [name, bytes] of record.headers) {
		const value = bytes && toText(bytes);
		// kcat splits at the first "=".
		if (name === '' || name.includes('=') || `${name}${value}`.includes('\0') || (bytes && value === undefined))
			left.push([`${name}: ${value ?? 'bytes'}`, 'which kcat cannot send']);
		else words.push('-H', value === undefined ? name : `${name}=${value}`);
	}
	const messages: Message[] = sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];
	return scriptOf(
		left,
		messages.map((one) => produce(words, one, record)),
	);
}

/** Longest key that is an argument, in bytes. */
const maxArgument = 20_000;

function produce(words: readonly string[], one: Message, { key, tombstone }: RecordOptions): string | undefined {
	const isArgument = key !== undefined && !key.includes(0) && key.length <= maxArgument && toText(key) !== undefined;
	const fixed = isArgument ? ['-k', toText(key) ?? ''] : [];
	if ('file' in one && !tombstone)
		return key === undefined || isArgument ? commandLine([...words, ...fixed, '--', one.file]) : undefined;
	const value = 'bytes' in one && !tombstone ? one.bytes : new Uint8Array();
	if (value.length > 0 && (key === undefined || isArgument))
		return commandLine([...words, ...fixed, ...split(value)], { bytes: value });
	// An empty line is skipped: what has no value needs the separator of a key.
	if (key === undefined && !tombstone) return undefined;
	const before = key ?? new Uint8Array();
	const separator = freeDelimiter(before, [0x09], [0x0a]);
	const line = Uint8Array.from([...before, ...separator, ...value]);
	const nulls = tombstone ? ['-Z', ...(key?.length === 0 ? ['-k', ''] : [])] : [];
	return commandLine([...words, ...nulls, '-K', writtenDelimiter(separator), ...split(line, separator)], {
		bytes: line,
	});
}

/** The option that keeps the input in one piece: it is split at line ends unless another delimiter is given. */
function split(input: Uint8Array, taken: readonly number[] = []): string[] {
	const delimiter = freeDelimiter(input, [0x0a], taken);
	return delimiter[0] === 0x0a && delimiter.length === 1 ? [] : ['-D', writtenDelimiter(delimiter)];
}

const startOf = (from: Start): string =>
	from.kind === 'time'
		? `s@${from.time}`
		: from.kind === 'offset' || from.kind === 'newest'
			? shownPosition(from)
			: { earliest: 'beginning', latest: 'end' }[from.kind];

/** `kcat -C`, or `kcat -G` for a request that joins a group. */
export function writeKcatConsume(sketch: Sketch): string | undefined {
	const { from, until, partition, group, isolation, limit, left } = readOptionsOf(sketch);
	left.push(...tokenLeft(sketch));
	const words = ['kcat', ...(group === undefined ? ['-C'] : ['-G', group]), ...connection(sketch)];
	if (group === undefined) words.push('-t', sketch.target);
	if (partition !== undefined) words.push('-p', String(partition));
	if (isolation !== undefined) words.push('-X', `isolation.level=${isolation}`);
	if (group !== undefined && from) words.push('-X', `auto.offset.reset=${from.kind}`);
	else if (from) words.push('-o', startOf(from));
	if (until?.kind === 'time' && group === undefined) words.push('-o', `e@${until.time}`);
	else if (until?.kind === 'end') words.push('-e');
	else if (until) left.push([`Until ${shownPosition(until)}`, 'which kcat cannot express']);
	if (limit !== undefined) words.push('-c', String(limit));
	words.push('-J');
	if (group !== undefined) words.push(...(sketch.target.startsWith('-') ? ['--'] : []), sketch.target);
	return scriptOf(left, [commandLine(words)]);
}
