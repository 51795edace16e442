import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import { peerText } from '../../shared/peer-text';
import { n } from '../browse/nodes';
import { type Binding, deadLettersOf, type Exchange, type Queue, type Topology } from '../browse/topology';

/** Mermaid draws no more than 500 arrows, the editor no more than 50,000 characters; beyond this nobody reads a picture. */
const mostArrows = 200;
/** Of exchanges and of queues. */
const mostNames = 1000;

export interface Known {
	vhost: string;
	exchanges: readonly Exchange[];
	queues: readonly Queue[];
	bindings: readonly Binding[];
	/** Nothing is left out. */
	whole: boolean;
}

interface Arrow {
	from: string;
	to: string;
	label: string;
	/** Not by a binding, but where messages go that were not taken. */
	dashed: boolean;
}

export async function drawTopology(topology: Topology | undefined, vhost: string): Promise<ActResult> {
	if (!topology)
		throw fail('no-management', 'Bindings are listed by the management API only, which this connection does not use.', {
			remedy: { text: 'Set "Management API" in the connection.' },
		});
	const [exchanges, queues, bindings] = await Promise.all([
		topology.exchanges(0, mostNames),
		topology.queues(0, mostNames),
		topology.allBindings(),
	]);
	const left = exchanges.total + queues.total - exchanges.items.length - queues.items.length;
	const known = { vhost, exchanges: exchanges.items, queues: queues.items, bindings, whole: left <= 0 };
	return {
		text: `Drew ${n(bindings.length)} ${bindings.length === 1 ? 'binding' : 'bindings'}${left > 0 ? `; ${n(left)} exchanges and queues are left out` : ''}.`,
		document: { title: 'topology.md', language: 'markdown', text: topologyText(known) },
	};
}

/** A document with a picture (Mermaid, which the editor's preview draws), and the same as text. */
export function topologyText({ vhost, exchanges, queues, bindings, whole }: Known): string {
	const arrows = arrowsOf(exchanges, queues, bindings);
	const used = new Set(arrows.flatMap(({ from, to }) => [from, to]));
	const shown = [
		...exchanges
			.filter(({ name }) => used.has(`exchange ${name}`) || (name !== '' && !name.startsWith('amq.')))
			.map(({ name, type }) => ({ id: `exchange ${name}`, kind: 'exchange', name, more: type })),
		...queues.map(({ name, ready }) => ({
			...{ id: `queue ${name}`, kind: 'queue', name },
			more: ready === undefined ? undefined : `${n(ready)} ready`,
		})),
	];
	// Bound to what was not listed, or sent to what is not there.
	const listed = new Set(shown.map(({ id }) => id));
	for (const id of used)
		if (!listed.has(id)) {
			const [kind = '', ...name] = id.split(' ');
			shown.push({ id, kind, name: name.join(' '), more: whole ? 'not there' : 'not listed' });
		}
	const drawn = arrows.slice(0, mostArrows);
	const inPicture = new Set(drawn.flatMap(({ from, to }) => [from, to]));
	const lonely = shown.filter(({ id }) => !used.has(id)).slice(0, mostArrows);
	const pictured = shown.filter((one) => inPicture.has(one.id) || lonely.includes(one));
	const ids = new Map(pictured.map(({ id }, at) => [id, `n${at}`]));
	const picture = [
		'flowchart LR',
		...pictured.map(({ id, kind, name, more }) => {
			const label = quoted([name, more].filter((part) => part !== undefined && part !== '').join(' · '));
			return `  ${ids.get(id)}${kind === 'queue' ? `[(${label})]` : `([${label}])`}`;
		}),
		...drawn.map(({ from, to, label, dashed }) => {
			const arrow = dashed ? '-.->' : '-->';
			return `  ${ids.get(from)} ${arrow}${label === '' ? '' : `|${quoted(label)}|`} ${ids.get(to)}`;
		}),
	];
	const missing = shown.length - pictured.length + arrows.length - drawn.length;
	const words = shown.flatMap(({ id, kind, name, more }) => [
		`${kind} ${plain(name)}${more ? ` (${plain(more)})` : ''}`,
		...arrows
			.filter(({ from }) => from === id)
			.map(
				({ to, label, dashed }) => `    ${dashed ? '⇢' : '→'} ${plain(to)}${label === '' ? '' : `   ${plain(label)}`}`,
			),
	]);
	return [
		'# Exchanges, bindings and queues',
		'',
		...fenced('text', [`virtual host ${plain(vhost)}`]),
		'',
		...(missing > 0 ? [`The picture leaves out ${n(missing)} of them; the list below has all.`, ''] : []),
		...fenced('mermaid', picture),
		'',
		'Round: exchanges. Cylinders: queues. Dashed: dead letters, and what found no queue. Exchanges of the server without a binding are left out.',
		'',
		...fenced('text', words),
		'',
	].join('\n');
}

const fenced = (language: string, lines: readonly string[]) => [`\`\`\`${language}`, ...lines, '```'];

function arrowsOf(exchanges: readonly Exchange[], queues: readonly Queue[], bindings: readonly Binding[]): Arrow[] {
	const arrows = new Map<string, Arrow>();
	const add = (from: string, to: string, label: string, dashed: boolean) => {
		// Several keys on one way are one arrow: a picture with ten of them says less.
		const way = JSON.stringify([from, to, dashed]);
		const known = arrows.get(way);
		if (known) known.label = `${known.label}, ${label}`;
		else arrows.set(way, { from, to, label, dashed });
	};
	for (const { source, to, destination, key, arguments: terms } of bindings) {
		const match = Object.entries(terms).map(
			([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
		);
		add(`exchange ${source}`, `${to} ${destination}`, [key, ...match].filter((part) => part !== '').join(' '), false);
	}
	for (const queue of queues) {
		const dead = deadLettersOf(queue);
		if (!dead) continue;
		const { exchange, key } = dead;
		const from = `queue ${queue.name}`;
		if (exchange !== '')
			add(from, `exchange ${exchange}`, key === undefined ? 'dead letters' : `dead letters, ${key}`, true);
		// The default exchange leads to the queue with the key's name.
		else if (key !== undefined) add(from, `queue ${key}`, 'dead letters', true);
	}
	for (const { name, arguments: given } of exchanges) {
		const other = given?.['alternate-exchange'];
		if (typeof other === 'string') add(`exchange ${name}`, `exchange ${other}`, 'found no queue', true);
	}
	return [...arrows.values()];
}

/** In one line of a fence that a prefix of ours begins: nothing in it can end the fence. */
const plain = (text: string) => peerText(text, { most: 255 });

/** Mermaid's own escape for everything that could mean something to it, or to Markdown. */
function quoted(text: string): string {
	const escaped = peerText(text, { most: 100 }).replace(
		/[^\p{L}\p{N} ._·-]/gu,
		(character) => `#${character.codePointAt(0)};`,
	);
	return `"${escaped}"`;
}
