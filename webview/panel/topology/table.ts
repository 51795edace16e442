import { css, html, nothing, type TemplateResult } from 'lit';
import type { Graph, GraphNode } from '../../../src/model/contracts/graph';
import type { NodeKind } from '../../../src/protocols/description';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';

export const tableStyles = css`
	table { border-collapse: collapse; margin: 4px 12px; }
	th, td { padding: 3px 16px 3px 0; text-align: start; vertical-align: top; font-weight: normal; overflow-wrap: anywhere; }
	thead th { position: sticky; top: 0; font-weight: 600; background: var(--vscode-editor-background); }
	tbody tr { border-top: 1px solid var(--line); }
	ul { margin: 0; padding: 0; list-style: none; }
`;

/** The graph as a table of nodes, with what leads to and from each. */
export function table(graph: Graph, kinds: Readonly<Record<string, NodeKind>>): TemplateResult {
	const names = new Map(graph.nodes.map(({ node }) => [node.id, visible(node.name)]));
	const list = (edges: { name: string; label: string; dashed: boolean }[]) =>
		edges.length === 0
			? nothing
			: html`<ul>${edges.map(
					({ name, label, dashed }) =>
						html`<li>${name}${label === '' ? nothing : html` <span class="dim">${visible(label)}</span>`}${dashed ? html` <span class="dim">(dashed)</span>` : nothing}</li>`,
				)}</ul>`;
	const end = (id: string, label: string, dashed = false) => ({ name: names.get(id) ?? id, label, dashed });
	const incoming = (id: string) => graph.edges.filter(({ to }) => to === id);
	const outgoing = (id: string) => graph.edges.filter(({ from }) => from === id);
	const row = ({ node }: GraphNode) =>
		html`<tr><th scope="row"><button class="link" data-node=${node.id}>${visible(node.name)}</button></th>
			<td><span class="dim">${icon(kinds[node.kind]?.icon ?? '')}</span> ${kinds[node.kind]?.label ?? node.kind}</td>
			<td>${node.bad ? html`<span class="warn">${icon('warning', 'Needs attention')}</span> ` : nothing}${visible(node.description ?? '')}</td>
			<td>${list(incoming(node.id).map(({ from, label, dashed }) => end(from, label, dashed)))}</td>
			<td>${list(outgoing(node.id).map(({ to, label, dashed }) => end(to, label, dashed)))}</td></tr>`;
	return html`<table><thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">State</th>
		<th scope="col">From</th><th scope="col">To</th></tr></thead><tbody>${graph.nodes.map(row)}</tbody></table>`;
}
