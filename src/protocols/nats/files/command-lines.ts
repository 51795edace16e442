import { shownUrl } from '../../../model/profile/shown-url';
import { withoutCredentials } from '../../../model/profile/url';
import { fromTemplate } from '../../shared/commands/nats';
import { asWritten, metadata, type Option, options, pairOf, readOptions, start } from '../../shared/commands/options';
import { type Message, type Sketch, type SketchHeader, takeUrl, textOf } from '../../shared/commands/sketch';
import { bodyOf, type Command, isByLine, seconds } from './options';
import { readKeyValue, readStream, readSubscribed } from './stored';

const shared = options(
	`-s --server, --user, --password, --token, --creds, --nkey, --jwt, --seed, --context, --connection-name, --tlscert,
	--tlskey, --tlsca, --timeout, --socks-proxy, --js-api-prefix, --js-event-prefix, --js-domain --domain, --inbox-prefix,
	--colors, --certstore, --certstore-match, --certstore-match-by, --certstore-ca-match`,
	'--tlsfirst --tls-first, --trace, --no-context',
);
const sending = options(
	`-H --header, --reply, --count, --sleep, --send-on, --translate, --replies, --reply-timeout, --schedule-after,
	--schedule-at, --schedule-cron, --jitter, --schedule-dest, --schedule-every, --schedule-source, --schedule-ttl`,
	'--force-stdin, --atomic, -J --jetstream, -q --quiet, -r --raw, -w --wait, --wait-for-empty, --templates, --no-templates',
);
const receiving = options(
	`--queue, --durable, --translate, --count, --dump, --start-sequence, --since, --stream, -I --ignore-subject, --wait,
	--report-top`,
	`-r --raw, --ack, --no-ack, --match-replies, -i --inbox, --headers-only, --subjects-only, --all, --new, --last,
	--last-per-subject, -T --terminate-at-end, --report-subjects, --report-subscriptions, -t --timestamp, -d --delta-time,
	--graph, --direct`,
);
const storing = options(
	'--id, --since, --subject, -S --last-for, --translate, --revision, --ttl',
	'--raw, -j --json, --history, --deletes, --no-deletes, --updates, -f --force',
);

/** Options of the output, which a request does not need. */
const withoutEffect = [
	...['--force-stdin', '-r', '--raw', '-q', '-w', '--templates', '--translate', '--dump', '--headers-only', '-j'],
	...['--subjects-only', '-t', '-d', '--graph', '--match-replies', '--trace', '--colors', '--connection-name', '-f'],
	...['--no-context', '--no-ack', '--direct'],
];

type Kind = 'pub' | 'request' | 'sub' | 'stream' | 'kv';
const kinds: Record<string, Kind> = {
	...{ pub: 'pub', publish: 'pub', request: 'request', req: 'request', sub: 'sub', subscribe: 'sub' },
	...{ stream: 'stream', str: 'stream', st: 'stream', ms: 'stream', s: 'stream', kv: 'kv' },
};
const optionsOf: Record<Kind, readonly Option[]> = {
	...{ pub: sending, request: sending, sub: receiving, stream: storing, kv: storing },
};

/**
 * Reads `nats pub`, `nats request`, `nats sub`, and what `nats stream` and `nats kv` read and write. `input` is the standard
 * input.
 */
export function readNats(words: string[], input?: Message): Sketch[] {
	// The subcommand decides the meaning of options, which may stand in front of it.
	const [given = ''] = readOptions(words.slice(1), [...shared, ...sending, ...receiving]).rest;
	const kind = Object.hasOwn(kinds, given) ? kinds[given] : undefined;
	if (!kind)
		throw new Error(
			`"nats ${shownUrl(given)}" cannot be pasted here. Use nats pub, nats request, nats sub, nats stream or nats kv.`,
		);
	const { set, rest, unknown } = readOptions(words.slice(1), [...shared, ...optionsOf[kind]]);
	const sketch = start('PUBLISH');
	sketch.dropped.push(...unknown);
	const command: Command = { rest: rest.slice(1), set: connection(sketch, set), sketch, ...(input && { input }) };
	if (kind === 'sub') return subscriptions(command);
	if (kind === 'stream') return readStream(command);
	if (kind === 'kv') return readKeyValue(command);
	return [published(command, kind)];
}

/** Options with a secret, or with one that decides to whom it is sent, are left out without their values. */
const secrets = ['--token', '--jwt', '--seed'];

/** Takes the options of the connection, and those without effect; returns the others. */
function connection(sketch: Sketch, set: Command['set']): Command['set'] {
	let url = 'nats://localhost:4222';
	let tls = false;
	const others: Command['set'] = [];
	for (const option of set) {
		const [name, value = ''] = option;
		if (name === '-s') {
			const [first = '', ...more] = value.split(',').map((one) => one.trim());
			url = /:\/\//.test(first) ? first : `nats://${first}`;
			for (const one of more) sketch.dropped.push(asWritten(['-s', withoutCredentials(one)]));
		} else if (name === '--user') sketch.username = value;
		else if (name === '--password') sketch.password = value;
		else if (secrets.includes(name)) sketch.dropped.push(name);
		else if (name === '--context') sketch.metadata?.push(['connection', value]);
		else if (/^--(?:tls|certstore)/.test(name)) {
			tls = true;
			sketch.dropped.push(asWritten(option));
		} else if (shared.some(({ names }) => names[0] === name) && name !== '--timeout') {
			if (!withoutEffect.includes(name)) sketch.dropped.push(asWritten(option));
		} else if (!withoutEffect.includes(name)) others.push(option);
	}
	takeUrl(sketch, tls ? url.replace(/^nats:/i, 'tls:') : url);
	// The context has the address, unless it is given as well.
	if (set.some(([name]) => name === '--context') && !set.some(([name]) => name === '-s')) delete sketch.url;
	return others;
}

function published(command: Command, kind: 'pub' | 'request'): Sketch {
	const { sketch, set, rest, input } = command;
	const [subject, ...body] = rest;
	if (subject === undefined) throw new Error('The subject is missing.');
	sketch.verb = kind === 'request' ? 'REQUEST' : 'PUBLISH';
	sketch.target = subject;
	const headers: SketchHeader[] = [];
	for (const [name, value = ''] of set)
		if (name === '-H' && value.includes(':')) headers.push([...pairOf(fromTemplate(value)), 'message']);
		else if (name === '--reply') sketch.headers.push(['Reply', value]);
		else if (['-J', '--atomic'].includes(name) && kind === 'pub') {
			if (!sketch.headers.some(([one]) => one === 'Verb')) sketch.headers.unshift(['Verb', 'stream']);
			if (name === '--atomic') sketch.dropped.push(name);
		} else if (name === '--send-on' && input && 'bytes' in input && isByLine(set)) continue;
		else if (name === '--count') metadata(sketch, 'loop', name, value, '', 'for ');
		else if (name === '--sleep') metadata(sketch, 'every', name, value);
		else if (name === '--timeout' && kind === 'request' && seconds(value) !== undefined)
			sketch.headers.push(['Timeout', String(seconds(value))]);
		else if (name === '--replies' && kind === 'request' && /^[1-9]\d{0,2}$/.test(value))
			sketch.headers.push(['Max-Answers', value]);
		else sketch.dropped.push(asWritten([name, value]));
	sketch.headers.push(...headers);
	sketch.messages = bodyOf(command, body, true);
	if (!set.some(([name]) => name === '--templates'))
		sketch.dropped.push(
			...templatesIn([subject, ...(body.length > 0 ? [body.join(' ')] : [(input && textOf(input)) ?? ''])]),
		);
	return sketch;
}

/** Templates that the command replaces, such as `{{Count}}`: here they are sent as they are. */
const templatesIn = (words: readonly string[]) =>
	[...new Set(words.flatMap((one) => one.match(/\{\{(?!"\{\{"\}\}).*?\}\}/gs) ?? []))].map(
		(one) => `the replacement of ${one}`,
	);

function subscriptions(command: Command): Sketch[] {
	const { sketch, set, rest } = command;
	sketch.verb = 'SUBSCRIBE';
	if (set.some(([name]) => name === '--stream')) return [readSubscribed(command)];
	for (const [name, value = ''] of set)
		if (name === '--count') metadata(sketch, 'maxMessages', name, value);
		else if (name === '--wait') metadata(sketch, 'timeout', name, value);
		else if (name === '--queue') sketch.headers.push(['Mode', 'queue'], ['Queue', value]);
		else if (name === '--timeout') continue;
		else sketch.dropped.push(asWritten([name, value]));
	if (rest.length === 0) throw new Error('The subject is missing.');
	return rest.map((target) => ({ ...sketch, target }));
}
