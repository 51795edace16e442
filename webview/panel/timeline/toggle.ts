import { html, nothing } from 'lit';
import type { Status } from '../../../src/model/contracts/session';
import { toolButton } from '../../controls/tool-button';
import type { FilterState } from '../saved';
import type { PanelStore } from '../store';
import './timeline';

export function timelineButton(store: PanelStore, isOpen: boolean) {
	return toolButton('graph', 'Timeline', () => store.keep({ timeline: !isOpen }), {
		pressed: isOpen,
		title: isOpen ? 'Hide Timeline' : 'Show Timeline',
	});
}

/** The timeline, unless there is nothing to show. */
export function drawTimeline(store: PanelStore, status: Status, filter: FilterState) {
	if (status.kept === 0) return nothing;
	return html`<mw-timeline .store=${store} .status=${status} .filter=${filter}></mw-timeline>`;
}
