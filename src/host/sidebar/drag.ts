import * as vscode from 'vscode';
import type { Services } from '../services';
import { showFailure } from '../ui/show';
import type { Node } from './nodes';

const type = 'application/vnd.code.tree.messagingworkbench.connections';

/** Connections are put in order by dragging: a dropped one goes before the one it is dropped on. */
export function dragAndDrop({ profiles, log }: Services): vscode.TreeDragAndDropController<Node> {
	return {
		dragMimeTypes: [type],
		dropMimeTypes: [type],
		handleDrag(nodes, data) {
			const [node] = nodes;
			if (node?.kind === 'connection') data.set(type, new vscode.DataTransferItem(node.stored.profile.id));
		},
		async handleDrop(target, data) {
			const id = await data.get(type)?.asString();
			const before = target?.kind === 'connection' ? target.stored.profile.id : undefined;
			if (!id || id === before || (target && !before)) return;
			await profiles.move(id, before).catch((error) => showFailure(log, 'Move', error));
		},
	};
}
