import { messagesOf } from '../../shared/commands/literals';
import { asWritten, metadata, options, readOptions, start } from '../../shared/commands/options';
import { commandLine, scriptOf } from '../../shared/commands/shell';
import { type Message, message, type Sketch, takeUrl, textOf } from '../../shared/commands/sketch';
import { copiedLogin, loginOf, readProperty, tokenLeft, withoutSecret } from './client-properties';
import { lineOf, lineProperties, readLines } from './console-lines';
import { addressOf, joining, readOptionsOf, recordOptions, shownPosition, urlOf } from './record';
import { sketchesOf } from './record-lines';

const producer = options(
	`--bootstrap-server, --broker-list, --topic, --property --reader-property, --producer-property --command-property,
	--producer.config --command-config, --compression-codec, --request-required-acks, --batch-size,
	--message-send-max-retries, --retry-backoff-ms, --timeout, --line-reader, --reader-config, --max-block-ms,
	--max-memory-bytes, --max-partition-memory-bytes, --metadata-expiry-ms, --request-timeout-ms, --socket-buffer-size`,
	'--sync, --version, --help',
);
const consumer = options(
	`--bootstrap-server, --topic, --include --whitelist, --property --formatter-property,
	--consumer-property --command-property, --consumer.config --command-config, --partition, --offset, --max-messages,
	--group, --isolation-level, --formatter, --formatter-config, --key-deserializer, --value-deserializer, --timeout-ms`,
	'--from-beginning, --skip-message-on-error, --enable-systest-events, --version, --help',
);

/** Options of the output or of the transfer, which a request does not need. */
const withoutEffect = [
	...['--sync', '--batch-size', '--message-send-max-retries', '--retry-backoff-ms', '--timeout', '--max-block-ms'],
	...['--max-memory-bytes', '--max-partition-memory-bytes', '--metadata-expiry-ms', '--request-timeout-ms'],
	...['--socket-buffer-size', '--formatter', '--formatter-config', '--key-deserializer', '--value-deserializer'],
	...['--skip-message-on-error', '--enable-systest-events'],
];

/** Reads `kafka-console-producer` and `kafka-console-consumer` of Apache Kafka. `input` is the standard input. */
export function readConsoleTool(words: string[], input?: Message): Sketch[] {
	const produces = /console-producer/.test(words[0] ?? '');
	const given = words.slice(1);
	// The codec is optional, and gzip unless it is given.
	const codec = given.indexOf('--compression-codec');
	if (codec !== -1 && (given[codec + 1] ?? '-').startsWith('-')) given.splice(codec + 1, 0, 'gzip');
	const { set, rest, unknown } = readOptions(given, produces ? producer : consumer);
	const sketch = start(produces ? 'PRODUCE' : 'CONSUME');
	sketch.dropped.push(...unknown, ...rest);
	const reader = new Map<string, string>();
	let servers = '';
	let tls = false;
	let [begins, offset, group] = [false, undefined as string | undefined, undefined as string | undefined];
	for (const [name, value = ''] of set) {
		const left = () => sketch.dropped.push(asWritten([name, withoutSecret(value)]));
		switch (name) {
			case '--bootstrap-server':
			case '--broker-list':
				servers ||= value;
				break;
			case '--topic':
				sketch.target = value;
				break;
			case '--property':
				// Of the consumer, these are options of its output.
				if (produces) reader.set(value.replace(/=[\s\S]*$/, ''), value.replace(/^[^=]*=?/, ''));
				break;
			case '--producer-property':
			case '--consumer-property': {
				const property = readProperty(value);
				const login = loginOf(value);
				if (login?.username !== undefined) {
					sketch.username = login.username;
					sketch.password = login.password;
				} else if (property.kind === 'servers') servers ||= property.value;
				else if (property.kind === 'tls') tls = property.tls;
				else if (property.kind === 'group' && !produces) group ??= property.value;
				else if (property.kind === 'header' && property.produces === produces) sketch.headers.push(property.header);
				else if (property.kind !== 'usual') left();
				break;
			}
			case '--compression-codec':
				sketch.headers.push(['Compression', value]);
				break;
			case '--request-required-acks':
				sketch.headers.push(['Acks', value === '-1' ? 'all' : value]);
				break;
			case '--from-beginning':
				begins = true;
				break;
			case '--offset':
				offset = value;
				break;
			case '--partition':
				sketch.headers.push(['Partitions', value]);
				break;
			case '--group':
				group = value;
				break;
			case '--isolation-level':
				sketch.headers.push(['Isolation', value]);
				break;
			case '--max-messages':
				metadata(sketch, 'maxMessages', name, value);
				break;
			case '--timeout-ms':
				metadata(sketch, 'timeout', name, /^\d+$/.test(value) ? `${value}ms` : value);
				break;
			default:
				if (!withoutEffect.includes(name)) left();
		}
	}
	if (sketch.target === '')
		throw new Error(
			set.some(([name]) => name === '--include')
				? 'Topics that match a pattern cannot be pasted. Use --topic in place of --include.'
				: 'The topic is missing. It is the value of --topic.',
		);
	const { url, others } = urlOf(servers, tls);
	for (const one of others) sketch.dropped.push(asWritten(['--bootstrap-server', one]));
	takeUrl(sketch, url);
	if (produces) return producing(sketch, reader, input);
	if (group !== undefined) return [joining(sketch, group, begins ? [['From', 'earliest']] : [])];
	// The tool reads from the end unless it is told otherwise.
	if (begins) sketch.headers.push(['From', 'earliest']);
	else if (offset !== undefined && /^(?:earliest|latest|\d{1,19})$/.test(offset)) sketch.headers.push(['From', offset]);
	else if (offset !== undefined) sketch.dropped.push(asWritten(['--offset', offset]));
	else if (!sketch.headers.some(([name]) => name === 'From')) sketch.headers.push(['From', 'latest']);
	return [sketch];
}

function producing(sketch: Sketch, reader: ReadonlyMap<string, string>, input: Message | undefined): Sketch[] {
	for (const [name, value] of reader)
		if (!lineProperties.includes(name))
			sketch.dropped.push(asWritten(['--property', withoutSecret(`${name}=${value}`)]));
	if (!input) return [sketch];
	if ('bytes' in input) return sketchesOf(sketch, readLines(textOf(input) ?? '', reader));
	return [{ ...sketch, dropped: [...sketch.dropped, `the records in the lines of ${asWritten([input.file])}`] }];
}

/** Properties of the Java client for TLS and login. */
function secured(sketch: Sketch): string[] {
	const { tls } = addressOf(sketch);
	const login = copiedLogin(sketch);
	if (!login) return tls ? ['security.protocol=SSL'] : [];
	const properties = [`security.protocol=${tls ? 'SASL_SSL' : 'SASL_PLAINTEXT'}`, `sasl.mechanism=${login.mechanism}`];
	if (!('username' in login)) return properties;
	const quoted = login.username.replace(/["\\]/g, (one) => `\\${one}`);
	const module = login.mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
	return [
		...properties,
		`sasl.jaas.config=org.apache.kafka.common.security.${module} required username="${quoted}" password="PASSWORD";`,
	];
}

/** A control character ends a quoted text of `sasl.jaas.config` (java.io.StreamTokenizer). */
const isUser = ({ username = '' }: Sketch) => !/\p{Cc}/u.test(username);

/**
 * `kafka-console-producer`, one command for each record. It reads lines of text, so it is undefined for a record with line
 * ends or with bytes that are not text.
 */
export function writeConsoleProducer(sketch: Sketch): string | undefined {
	const record = recordOptions(sketch);
	const { partition, timestamp, acks, compression, left } = record;
	if (!isUser(sketch)) return undefined;
	left.push(...tokenLeft(sketch));
	const words = [
		'kafka-console-producer.sh',
		'--bootstrap-server',
		addressOf(sketch).address,
		'--topic',
		sketch.target,
	];
	for (const property of secured(sketch)) words.push('--producer-property', property);
	if (acks !== undefined) words.push('--producer-property', `acks=${acks}`);
	if (compression !== undefined) words.push('--producer-property', `compression.type=${compression}`);
	if (partition !== undefined) left.push([`Partition ${partition}`, 'which the command cannot choose']);
	if (timestamp !== undefined) left.push([`Timestamp ${timestamp}`, 'which the command cannot set']);
	return scriptOf(
		left,
		messagesOf(sketch).map((one) => {
			const line = lineOf(one, record);
			if (!line) return undefined;
			const properties = line.properties.flatMap((property) => ['--property', property]);
			return commandLine([...words, ...properties], message(`${line.text}\n`));
		}),
	);
}

/** `kafka-console-consumer`, which commits offsets of the group that it joins, or of a random one. */
export function writeConsoleConsumer(sketch: Sketch): string | undefined {
	if (!isUser(sketch)) return undefined;
	const { from, until, partition, group, isolation, limit, left } = readOptionsOf(sketch);
	left.push(...tokenLeft(sketch));
	const words = [
		'kafka-console-consumer.sh',
		'--bootstrap-server',
		addressOf(sketch).address,
		'--topic',
		sketch.target,
	];
	for (const property of secured(sketch)) words.push('--consumer-property', property);
	if (group !== undefined) words.push('--group', group);
	if (partition !== undefined) words.push('--partition', String(partition));
	if (from?.kind === 'earliest') words.push('--from-beginning');
	else if (from?.kind === 'offset' && partition !== undefined) words.push('--offset', String(from.offset));
	else if (from && from.kind !== 'latest')
		left.push([`From ${shownPosition(from)}`, 'which the command cannot express']);
	if (until) left.push([`Until ${shownPosition(until)}`, 'which the command cannot express']);
	if (isolation !== undefined) words.push('--isolation-level', isolation);
	if (limit !== undefined) words.push('--max-messages', String(limit));
	words.push(...['key', 'headers', 'timestamp'].flatMap((name) => ['--property', `print.${name}=true`]));
	return scriptOf(left, [commandLine(words)]);
}
