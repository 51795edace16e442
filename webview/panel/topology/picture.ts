import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Graph, GraphEdge, GraphNode } from '../../../src/model/contracts/graph';
import type { NodeKind } from '../../../src/protocols/description';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { type Arrangement, nodeSize, type Placed, wayOf } from './arrange';

/** With more edges than this, only those of the selected node have a text. */
const maxLabels = 60;
/** Characters of an edge's text in the picture. */
const maxLabel = 18;

export const pictureStyles = css`
	.canvas { position: relative; }
	.sheet { position: absolute; top: 0; left: 0; transform-origin: 0 0; }
	svg { position: absolute; inset: 0; overflow: visible; pointer-events: none; }
	.edge { fill: none; stroke: var(--vscode-editorIndentGuide-activeBackground1, var(--dim)); stroke-width: 1.3; }
	.edge.dashed { stroke-dasharray: 5 4; }
	.edge.on { stroke: var(--vscode-focusBorder); stroke-width: 2; }
	.edge.off, .label.off { opacity: 0.18; }
	.tip { fill: var(--vscode-editorIndentGuide-activeBackground1, var(--dim)); }
	.label { fill: var(--dim); font-size: 11px; text-anchor: middle; paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 4px; stroke-linejoin: round; }
	.label.on { fill: var(--vscode-foreground); }
	.node { position: absolute; display: flex; flex-direction: column; justify-content: center; gap: 1px; padding: 2px 10px; text-align: start;
		border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorIndentGuide-activeBackground1, var(--dim))); border-radius: 3px; cursor: pointer; overflow: hidden;
		color: var(--vscode-foreground); background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); font: inherit; line-height: 1.25; }
	.node.round { border-radius: 20px; padding-inline: 14px; }
	.node:hover { border-color: var(--vscode-focusBorder); }
	.node.chosen { outline: 2px solid var(--vscode-focusBorder); outline-offset: 0; }
	.node.off { opacity: 0.4; }
	.node.missing { border-style: dashed; }
	.node .first { display: flex; align-items: center; gap: 5px; }
	.node .second { font-size: 0.88em; color: var(--dim); }
	.node .waiting::before { content: attr(data-count); }
	.node .waiting { margin-inline-start: auto; padding: 0 6px; border-radius: 8px; font-size: 0.85em; line-height: 16px; font-variant-numeric: tabular-nums;
		color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
	@media (prefers-reduced-motion: no-preference) { .node, .edge, .label { transition: opacity 0.12s; } }
`;

export interface Drawing {
	graph: Graph;
	arrangement: Arrangement;
	zoom: number;
	/** Id of the selected node. */
	chosen: string | undefined;
	/** Id of the node that Tab reaches. */
	reached: string | undefined;
	kinds: Readonly<Record<string, NodeKind>>;
	isRound(kind: string): boolean;
	/** The accessible name of a node. */
	describe(node: GraphNode): string;
}

/** The graph as nodes over lines. */
export function picture(drawing: Drawing): TemplateResult {
	const { graph, arrangement, zoom, chosen } = drawing;
	const { width, height } = arrangement;
	const near = chosen === undefined ? undefined : neighbourhood(graph.edges, chosen);
	const scaled = { width: `${width * zoom}px`, height: `${height * zoom}px` };
	const hasLabels = graph.edges.length <= maxLabels;
	const edges = graph.edges.flatMap((edge) => edgeOf(edge, arrangement, chosen, hasLabels));
	return html`<div class="canvas" ${place(scaled)}>
		<div class="sheet" ${place({ width: `${width}px`, height: `${height}px`, transform: `scale(${zoom})` })}>
			<svg width=${width} height=${height} aria-hidden="true">
				<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
					<path class="tip" d="M0,0.5 L8,4 L0,7.5 Z"></path></marker></defs>${edges}</svg>
			${graph.nodes.map((node) => nodeOf(node, drawing, near))}</div></div>`;
}

/** The node and those that an edge leads to or from. */
function neighbourhood(edges: readonly GraphEdge[], id: string): Set<string> {
	const near = new Set([id]);
	for (const { from, to } of edges) {
		if (from === id) near.add(to);
		if (to === id) near.add(from);
	}
	return near;
}

function edgeOf(edge: GraphEdge, arrangement: Arrangement, chosen: string | undefined, hasLabels: boolean) {
	const [from, to] = [arrangement.places.get(edge.from), arrangement.places.get(edge.to)];
	if (!from || !to) return [];
	const isOn = edge.from === chosen || edge.to === chosen;
	const style = chosen === undefined ? '' : isOn ? 'on' : 'off';
	const { path, middle } = route(from, to, arrangement.bends.get(wayOf(edge.from, edge.to)));
	const text = edge.label.length > maxLabel ? `${edge.label.slice(0, maxLabel - 1)}…` : edge.label;
	const label = () => svg`<text class="label ${style}" x=${middle.x} y=${middle.y}>${visible(text)}</text>`;
	return svg`<path class="edge ${edge.dashed ? 'dashed' : ''} ${style}" d=${path} marker-end="url(#tip)"></path>
		${text !== '' && (hasLabels || isOn) ? label() : nothing}`;
}

/**
 * A curve from one node to another through `bends`, which are in the order of the columns. An edge that leads back leaves on
 * the left and arrives on the right, so that it takes the same way.
 */
export function route(
	from: Placed,
	to: Placed,
	bends: readonly Placed[] = [],
): { path: string; middle: { x: number; y: number } } {
	const isBack = to.column < from.column;
	const { width, height } = nodeSize;
	// Beside the edge that may lead the other way.
	const middleOf = ({ y }: Placed) => y + height / 2 + (isBack ? 7 : 0);
	const side = (isRight: boolean, place: Placed) => ({ x: isRight ? place.x + width : place.x, y: middleOf(place) });
	const between = (isBack ? [...bends].reverse() : bends).flatMap((bend) => [side(isBack, bend), side(!isBack, bend)]);
	const points = [side(!isBack, from), ...between, side(isBack, to)];
	const [first] = points;
	let path = `M${first?.x},${first?.y}`;
	for (let at = 1; at < points.length; at++) {
		const [before, here] = [points[at - 1], points[at]];
		if (!before || !here) continue;
		const bend = (here.x - before.x) / 2;
		path += ` C${before.x + bend},${before.y} ${here.x - bend},${here.y} ${here.x},${here.y}`;
	}
	const [start, end] = points;
	return { path, middle: { x: ((start?.x ?? 0) + (end?.x ?? 0)) / 2, y: ((start?.y ?? 0) + (end?.y ?? 0)) / 2 - 4 } };
}

function nodeOf(one: GraphNode, drawing: Drawing, near: ReadonlySet<string> | undefined) {
	const { node, waiting, missing } = one;
	const where = drawing.arrangement.places.get(node.id);
	if (!where) return nothing;
	const isChosen = node.id === drawing.chosen;
	const style = [
		'node',
		drawing.isRound(node.kind) && 'round',
		isChosen && 'chosen',
		near && !near.has(node.id) && 'off',
		missing && 'missing',
	];
	const size = {
		left: `${where.x}px`,
		top: `${where.y}px`,
		width: `${nodeSize.width}px`,
		height: `${nodeSize.height}px`,
	};
	const name = drawing.describe(one);
	const image = node.bad ? icon('warning') : icon(drawing.kinds[node.kind]?.icon ?? '');
	// Drawn by the style sheet: the description says the number as well, and the accessible name contains the visible text.
	const badge = () => html`<span class="waiting" data-count=${waiting?.toLocaleString('en') ?? nothing}></span>`;
	return html`<button class=${style.filter(Boolean).join(' ')} data-node=${node.id} ${place(size)} title=${name}
		aria-label=${name} aria-pressed=${isChosen} tabindex=${node.id === drawing.reached ? 0 : -1}>
		<span class="first"><span class=${node.bad ? 'warn' : 'dim'}>${image}</span><span class="cut">${visible(node.name)}</span>
			${waiting ? badge() : nothing}</span>
		<span class="second cut">${visible(node.description ?? '')}</span></button>`;
}
