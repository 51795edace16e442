import type { Graph } from '../../../src/model/contracts/graph';

/** Mermaid's escapes for all characters that have a meaning to it or to Markdown. */
const quoted = (text: string) =>
	`"${text.slice(0, 100).replace(/[^\p{L}\p{N} ._·-]/gu, (character) => `#${character.codePointAt(0)};`)}"`;

/** The graph as text for Mermaid. `isRound`: kinds of nodes that are drawn with round ends. */
export function mermaid({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>, isRound: (kind: string) => boolean): string {
	const ids = new Map(nodes.map(({ node }, at) => [node.id, `n${at}`]));
	return [
		'flowchart LR',
		...nodes.map(({ node }) => {
			const label = quoted([node.name, node.description].filter(Boolean).join(' · '));
			return `  ${ids.get(node.id)}${isRound(node.kind) ? `([${label}])` : `[${label}]`}`;
		}),
		...edges.map(
			({ from, to, label, dashed }) =>
				`  ${ids.get(from)} ${dashed ? '-.->' : '-->'}${label === '' ? '' : `|${quoted(label)}|`} ${ids.get(to)}`,
		),
		'',
	].join('\n');
}
