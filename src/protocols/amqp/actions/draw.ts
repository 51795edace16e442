import type { ActResult } from '../../../model/contracts/browse';
import { peerText } from '../../shared/peer-text';
import { arrowsOf, type Listing, readListing } from '../browse/arrows';
import { n } from '../browse/nodes';
import type { Topology } from '../browse/topology';

/** Mermaid draws at most 500 arrows, the editor at most 50,000 characters; a picture with more than this is unreadable. */
const maxArrows = 200;
export async function drawTopology(topology: Topology | undefined, vhost: string): Promise<ActResult> {
	const { hidden, ...listing } = await readListing(topology);
	const { exchanges, queues, bindings } = listing;
	return {
		text: `Topology: ${counted(exchanges.length, 'exchange')}, ${counted(queues.length, 'queue')}, ${counted(bindings.length, 'binding')}${hidden > 0 ? `; ${n(hidden)} exchanges and queues are left out` : ''}.`,
		document: {
			title: 'topology.md',
			language: 'markdown',
			text: topologyText({ ...listing, vhost, complete: hidden <= 0 }),
		},
	};
}

export interface Drawn extends Omit<Listing, 'hidden'> {
	vhost: string;
	/** Nothing is left out. */
	complete: boolean;
}

const counted = (count: number, noun: string) => `${n(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A document with a picture (Mermaid, which the editor's preview draws), and the same as text. */
export function topologyText({ vhost, exchanges, queues, bindings, complete }: Drawn): string {
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
	// Ends of bindings that were not listed, and dead-letter targets that do not exist.
	const listed = new Set(shown.map(({ id }) => id));
	for (const id of used)
		if (!listed.has(id)) {
			const [kind = '', ...name] = id.split(' ');
			shown.push({ id, kind, name: name.join(' '), more: complete ? 'missing' : 'not listed' });
		}
	const drawn = arrows.slice(0, maxArrows);
	const inPicture = new Set(drawn.flatMap(({ from, to }) => [from, to]));
	const unbound = shown.filter(({ id }) => !used.has(id)).slice(0, maxArrows);
	const pictured = shown.filter((one) => inPicture.has(one.id) || unbound.includes(one));
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
	const list = shown.flatMap(({ id, kind, name, more }) => [
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
		...(missing > 0 ? [`The picture leaves out ${n(missing)} of them; the list below is complete.`, ''] : []),
		...fenced('mermaid', picture),
		'',
		'Round: exchanges. Cylinders: queues. Dashed: dead letters and unrouted messages. Predefined exchanges without a binding are left out.',
		'',
		...fenced('text', list),
		'',
	].join('\n');
}

const fenced = (language: string, lines: readonly string[]) => [`\`\`\`${language}`, ...lines, '```'];

/** Text within a line of a fence, behind a fixed prefix, so that it cannot end the fence. */
const plain = (text: string) => peerText(text, { most: 255 });

/** Uses Mermaid's escapes for all characters that have a meaning to it or to Markdown. */
function quoted(text: string): string {
	const escaped = peerText(text, { most: 100 }).replace(
		/[^\p{L}\p{N} ._·-]/gu,
		(character) => `#${character.codePointAt(0)};`,
	);
	return `"${escaped}"`;
}
